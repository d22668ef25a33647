"""`[architecture]`: the network's kind and its sizes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scripts.training.recipe.part import Part, Positive, Share


class Lstm(Part):
    """Embedding, LSTM layers one on the other, sigmoid or softmax."""

    kind: Literal["lstm"]
    embedding: Positive
    units: tuple[Positive, ...] = Field(min_length=1)
    dropout: Share


class Cnn(Part):
    """3×3 convolutions with a 2×2 pooling after each but the last, a dense layer, softmax."""

    kind: Literal["cnn"]
    filters: tuple[Positive, ...] = Field(min_length=1, max_length=4)
    dense: Positive
    dropout: Share


class Pooling(Part):
    """Embedding, the average over the tokens that are not padding, sigmoid or softmax."""

    kind: Literal["pooling"]
    embedding: Positive
    dropout: Share


class Transformer(Part):
    """Token and position embedding, self-attention blocks, the same average, sigmoid or softmax."""

    kind: Literal["transformer"]
    embedding: Positive
    heads: Positive
    feed_forward: Positive
    blocks: Positive
    dropout: Share

    @model_validator(mode="after")
    def _heads_divide_the_embedding(self) -> "Transformer":
        if self.embedding % self.heads:
            raise ValueError(f"embedding ({self.embedding}) must be a multiple of heads ({self.heads})")
        return self


class Encoder(Part):
    """The pretrained encoder that an installed `package` brings, the same average, sigmoid or softmax: a teacher.

    It has its own vocabulary, so that the recipe goes without [vocabulary]. `sha256` is that of the weights' file, and
    only the last `tuned_blocks` blocks learn; with none, only the last layer does.
    """

    kind: Literal["encoder"]
    package: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    tuned_blocks: int = Field(ge=0, le=48)
    dropout: Share


Architecture = Annotated[Lstm | Cnn | Pooling | Transformer | Encoder, Field(discriminator="kind")]
