"""The bodies of the prediction routes, as OpenAPI shows them and as they are read and written."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.types import Classification, DigitReading

Outcome = TypeVar("Outcome")


class TextBody(BaseModel):
    """One text, or many."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["texts"]}]}
    )

    text: str | None = None
    texts: Annotated[list[str], Field(min_length=1, fail_fast=True)] | None = None


class PictureBody(BaseModel):
    """One picture or many, as pixels or as base64 of PNG, JPEG, WebP or BMP files."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"oneOf": [{"required": ["pixels"]}, {"required": ["image"]}, {"required": ["images"]}]},
    )

    pixels: list[Any] | None = Field(
        None, description="28×28 or 784 numbers, 0–1 or 0–255, ink high; or a list of such pictures"
    )
    image: str | None = Field(None, description="Base64 of an image file; a data: URL will do")
    images: Annotated[list[str], Field(min_length=1, fail_fast=True)] | None = Field(None, description="The same, many")


class TensorBody(BaseModel):
    """Rows for a model that says what its numbers mean itself."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, Any] | list[Any] = Field(
        description="Each input's rows as nested lists, by name; only the rows where the model has one input"
    )


class _Served(BaseModel):
    """Which model answered."""

    model: str
    version: int


class TextPrediction(_Served):
    """One text's class; `score` is the probability of the likeliest class."""

    label: str
    score: float
    probabilities: dict[str, float]


class DigitPrediction(_Served):
    """One picture's digit."""

    digit: int
    score: float
    probabilities: list[float] = Field(min_length=10, max_length=10)


class Predictions(_Served, Generic[Outcome]):
    """Many predictions, in the order of the request."""

    predictions: list[Outcome]


Texts = Predictions[Classification]
Digits = Predictions[DigitReading]
