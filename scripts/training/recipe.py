"""A recipe: the one TOML file that holds all that determines a model."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.errors import HorngateError
from app.repository.manifest import NAME_PATTERN, TextSettings

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
Probability = Annotated[float, Field(ge=0, le=1)]


class RecipeInvalid(HorngateError):
    """A recipe cannot be read; the message names the file and the key."""

    code = "recipe_invalid"
    title = "The recipe is not valid"


class _Part(BaseModel):
    """A part of the recipe: read strictly, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Vocabulary(_Part):
    """The words that a text model knows; `omit` names those that are left out of every text before it is cut."""

    size: int = Field(gt=2, le=1_000_000)
    min_frequency: Positive = 1
    omit: tuple[str, ...] = ()


class Lstm(_Part):
    """Embedding, LSTM layers one on the other, sigmoid or softmax."""

    kind: Literal["lstm"]
    embedding: Positive
    units: tuple[Positive, ...] = Field(min_length=1)
    dropout: Share


class Cnn(_Part):
    """3×3 convolutions with a 2×2 pooling after each but the last, a dense layer, softmax."""

    kind: Literal["cnn"]
    filters: tuple[Positive, ...] = Field(min_length=1, max_length=4)
    dense: Positive
    dropout: Share


class Pooling(_Part):
    """Embedding, the average over the tokens that are not padding, sigmoid or softmax."""

    kind: Literal["pooling"]
    embedding: Positive
    dropout: Share


class Transformer(_Part):
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


Architecture = Annotated[Lstm | Cnn | Pooling | Transformer, Field(discriminator="kind")]


class Optimiser(_Part):
    """How the weights move; the learning rate falls along a cosine to zero over all epochs where `decay` says so."""

    kind: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(gt=0, le=1)
    decay: Literal["none", "cosine"] = "none"
    weight_decay: float = Field(0.0, ge=0, le=1)


class Fit(_Part):
    """How long: at most `epochs`, ending when the validation loss has not fallen for `patience` of them.

    `balance` gives each label the same weight in all, however many rows it has.
    """

    epochs: Positive
    patience: Positive
    batch_size: Positive
    balance: bool = False
    validation_share: float = Field(gt=0, lt=1)
    seed: int = Field(ge=0, lt=2**31)


class ImageAugmentation(_Part):
    """Random changes to each training image: shift in pixels, rotation in degrees, scale and shear as shares of 1."""

    kind: Literal["image"]
    shift: float = Field(ge=0, le=14)
    rotation: float = Field(ge=0, le=45)
    scale: float = Field(ge=0, lt=1)
    shear: float = Field(0.0, ge=0, lt=1)


class TextAugmentation(_Part):
    """Each training text is, with probability `crop_share`, replaced by a run of at least `crop_min_tokens` of it.

    The run may come from the first or last `reach` tokens, also where the model itself reads fewer. `unknown_share` of
    all tokens is replaced by the unknown one.
    """

    kind: Literal["text"]
    reach: int = Field(gt=0, le=4096)
    crop_share: Probability
    crop_min_tokens: Positive
    unknown_share: Share = 0.0


Augmentation = Annotated[ImageAugmentation | TextAugmentation, Field(discriminator="kind")]


class Card(_Part):
    """What the model card says in words: what the model is for, and what it cannot do."""

    purpose: str = Field(min_length=1)
    limits: str = Field(min_length=1)


class Recipe(_Part):
    """All that determines a model besides the data themselves and the code."""

    name: str = Field(pattern=NAME_PATTERN)
    task: Literal["sentiment", "topic", "digit"]
    datasets: tuple[str, ...] = Field(min_length=1)
    neutral_band: tuple[Probability, Probability] | None = None
    text: TextSettings | None = None
    vocabulary: Vocabulary | None = None
    architecture: Architecture
    optimiser: Optimiser
    augmentation: Augmentation | None = None
    fit: Fit
    card: Card

    @property
    def buckets(self) -> tuple[int, ...]:
        """The lengths that texts are padded to; none for images."""
        if self.text is None:
            return ()
        return self.text.buckets or (self.text.length,)

    @model_validator(mode="after")
    def _parts_fit_the_task(self) -> "Recipe":
        is_text = self.task != "digit"
        if is_text != (self.text is not None) or is_text != (self.vocabulary is not None):
            needs = "needs [text] and [vocabulary]" if is_text else "takes neither [text] nor [vocabulary]"
            raise ValueError(f"task {self.task!r} {needs}")
        if is_text == isinstance(self.architecture, Cnn):
            raise ValueError(f"architecture {self.architecture.kind!r} does not read the inputs of task {self.task!r}")
        if self.augmentation is not None and is_text != (self.augmentation.kind == "text"):
            raise ValueError(f"augmentation {self.augmentation.kind!r} does not suit task {self.task!r}")
        if self.neutral_band is not None and self.task != "sentiment":
            raise ValueError("only task 'sentiment' has a neutral_band")
        return self

    @model_validator(mode="after")
    def _values_suit_each_other(self) -> "Recipe":
        band, augmentation = self.neutral_band, self.augmentation
        if band is not None and band[0] > band[1]:
            raise ValueError(f"neutral_band must rise; received {list(band)}")
        reach = augmentation.reach if isinstance(augmentation, TextAugmentation) else None
        if reach is not None and self.text is not None and reach < self.text.length:
            raise ValueError(f"augmentation.reach must be at least text.length ({self.text.length}); received {reach}")
        return self


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe; raises `RecipeInvalid` naming the file, the key and what was expected."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeInvalid(f"{path}: no such file; the recipes that come with Horngate stand in recipes/") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RecipeInvalid(f"{path}: not a TOML file: {error}") from None
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        raise RecipeInvalid("; ".join(f"{path}: {fault}" for fault in _faults(error))) from None


def _faults(error: ValidationError) -> list[str]:
    """Each fault as `key: what was expected (received what)`."""
    told = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"])
        place = f"{key}: " if key else ""
        received = "" if fault["type"] in {"missing", "value_error"} else f"; received {fault['input']!r}"
        told.append(f"{place}{fault['msg'].removeprefix('Value error, ')}{received}")
    return told
