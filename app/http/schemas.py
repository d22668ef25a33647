"""The bodies of the prediction routes, as OpenAPI shows them and as they are read and written."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

from app.types import Classification, DigitReading

Outcome = TypeVar("Outcome")


def _exactly_one(**fields: str) -> ConfigDict:
    """Only these fields, one of them of the type that is named here and no other but as null."""
    one: list[JsonValue] = [{"required": [name], "properties": {name: {"type": kind}}} for name, kind in fields.items()]
    return ConfigDict(extra="forbid", json_schema_extra={"oneOf": one})


Text = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"\S"})]
"""A text; that it has something visible is checked with the server's limits, and only told here."""

NUMBER = {"type": "number", "minimum": 0, "maximum": 255}
SQUARE = {"type": "array", "minItems": 28, "maxItems": 28}
PICTURES: list[dict[str, Any]] = [
    {**SQUARE, "items": {**SQUARE, "items": NUMBER}},
    {"type": "array", "items": NUMBER, "minItems": 784, "maxItems": 784},
]
"""The forms of one picture in numbers."""

PIXELS = [*PICTURES, *({"type": "array", "items": picture, "minItems": 1} for picture in PICTURES), {"type": "null"}]


class TextBody(BaseModel):
    """One text, or many."""

    model_config = _exactly_one(text="string", texts="array")

    text: Text | None = None
    texts: Annotated[list[Text], Field(min_length=1, fail_fast=True)] | None = None


class PictureBody(BaseModel):
    """One picture or many, as pixels or as base64 of PNG, JPEG, WebP or BMP files."""

    model_config = _exactly_one(pixels="array", image="string", images="array")

    pixels: Annotated[list[Any] | None, WithJsonSchema({"anyOf": PIXELS})] = Field(
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
