"""`[architecture]`: the network's kind and its sizes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scripts.training.recipe.part import PackageName, Part, Positive, Sha256, Share


class Lstm(Part):
    """Embedding, LSTM layers one on the other, average and maximum over time, sigmoid or softmax.

    Where `filters` is given, so many of them over three neighbouring tokens stand before the first LSTM layer,
    and where `pool` is, the LSTM takes its steps over the largest of each that many positions in place of every one.
    With `filter_maximum` the largest answer of each filter reaches the last layer too; `bidirectional` layers read the
    text from its end as well. `dropout` leaves out channels of each LSTM layer's inputs, `head_dropout` features before
    the last layer.
    """

    kind: Literal["lstm"]
    embedding: Positive
    filters: Positive | None = None
    pool: int | None = Field(None, ge=2, le=16)
    units: tuple[Positive, ...] = Field(min_length=1)
    filter_maximum: bool = False
    bidirectional: bool = False
    dropout: Share
    head_dropout: Share = 0.0

    @model_validator(mode="after")
    def _a_maximum_is_of_filters(self) -> "Lstm":
        if self.filter_maximum and self.filters is None:
            raise ValueError("filter_maximum needs filters")
        return self


class Cnn(Part):
    """Blocks of 3×3 convolutions with so many filters each, softmax; `dropout` of the features before it.

    A 2×2 pooling stands between two blocks, batch normalisation (Ioffe and Szegedy 2015) behind each.
    """

    kind: Literal["cnn"]
    filters: tuple[Annotated[tuple[Positive, ...], Field(min_length=1)], ...] = Field(min_length=1)
    dropout: Share

    @model_validator(mode="after")
    def _blocks_leave_pixels(self) -> "Cnn":
        side = 28
        for number, block in enumerate(self.filters, 1):
            side = (side if number == 1 else side // 2) - 2 * len(block)
        if side < 1:
            raise ValueError(
                "filters must leave a pixel of 28, of which each convolution takes 2 and each further block half; "
                f"received {[list(block) for block in self.filters]}"
            )
        return self


class Pooling(Part):
    """Embedding, the average over the tokens that are not padding, sigmoid or softmax.

    With `maximum` the largest of each of the vectors' numbers stands beside the average, and where `filters` is given,
    the largest answer of so many of them over three neighbouring tokens. `dropout` comes before the last layer, and
    leaves out numbers of the filters' vectors.
    """

    kind: Literal["pooling"]
    embedding: Positive
    maximum: bool = False
    filters: Positive | None = None
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
    package: PackageName
    sha256: Sha256 | None = None
    tuned_blocks: int = Field(ge=0, le=48)
    dropout: Share


Architecture = Annotated[Lstm | Cnn | Pooling | Transformer | Encoder, Field(discriminator="kind")]
