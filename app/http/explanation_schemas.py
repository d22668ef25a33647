"""The answers of `POST /explain/{model}`, as OpenAPI shows them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.types import Classification, DigitReading, TensorRow

Side = Annotated[list[float], Field(min_length=28, max_length=28)]
Picture = Annotated[list[Side], Field(min_length=28, max_length=28)]


class LogOdds(BaseModel):
    """Scores as the logarithms of their odds, in which independent pieces of evidence add up."""

    score: float
    baseline: float = Field(description="Of the input with everything left out")
    sum: float = Field(description="Of all contributions")
    difference: float = Field(
        description="Of `score` and `baseline`: what `sum` would be if contributions were additive"
    )


class _Explanation(LogOdds):
    """What both kinds share; `score` and its fellows are the explained class's probabilities."""

    log_odds: LogOdds
    model: str
    version: int


class Contribution(BaseModel):
    """A word or several as they stand in the text, and what the score loses without them; below 0 where it gains."""

    token: str
    start: int = Field(description="The first character's place in the text, in Unicode code points")
    end: int = Field(description="The place after the last character")
    contribution: float
    log_odds: float


class Seen(BaseModel):
    """The part of the text that the model reads."""

    start: int
    end: int


class _Method(BaseModel):
    """How the contributions were found, from which source, and what they cannot say."""

    rows: int = Field(description="So many rows the model was asked")
    source: str
    limits: str


class WordMethod(_Method):
    """The words left out in turn."""

    name: Literal["occlusion"]
    tokens_together: int = Field(description="So many words at most are left out at a time; 1 unless the text is long")


class PatchMethod(_Method):
    """The patches painted over in turn."""

    name: Literal["occlusion"]
    patch: int = Field(description="A patch's side in pixels")
    stride: int = Field(description="Pixels from one patch to the next")


class PathMethod(_Method):
    """The gradients summed up on the straight path from zeros, or from padding, to the input."""

    name: Literal["integrated_gradients"]
    steps: int


class TextExplanation(_Explanation):
    """Why a text has its class."""

    prediction: Classification
    explained: str
    tokens: list[Contribution]
    seen: Seen
    method: WordMethod | PathMethod


class DigitExplanation(_Explanation):
    """Why a picture is read as its digit."""

    prediction: DigitReading
    explained: Annotated[int, Field(ge=0, le=9)]
    picture: Picture = Field(description="What the model saw, ink 1 on 0")
    contributions: Picture = Field(description="Each pixel's, to the probability")
    log_odds_contributions: Picture
    method: PatchMethod | PathMethod


class TensorExplanation(LogOdds):
    """Why an output has a number: `score` and its fellows are probabilities where the output has classes."""

    prediction: TensorRow
    explained: str | int = Field(description="The class, or the number's place in the flattened output")
    output: str
    contributions: dict[str, Any] = Field(description="Of each input's numbers, shaped as its row")
    log_odds: LogOdds | None = Field(None, description="Where the output has classes")
    log_odds_contributions: dict[str, Any] | None = None
    method: PathMethod
    model: str
    version: int
