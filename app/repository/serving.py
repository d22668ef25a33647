"""`serving.json`: which versions of a model are served, under which labels and how fast; without it, the newest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import ModelInvalid

SERVING = "serving.json"

Version = Annotated[int, Field(ge=1)]


class ServingConfig(BaseModel):
    """The owner's word on one model: `default` answers unpinned requests, each label names one more version.

    `slo_p99_ms` bounds the batch, so that 99 of 100 requests are answered within so many milliseconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: Version | None = None
    labels: Mapping[str, Version] = Field(default_factory=dict)
    slo_p99_ms: Annotated[float, Field(gt=0, le=86_400_000, allow_inf_nan=False)] | None = None


def read_serving(model: Path) -> ServingConfig:
    """Read the model folder's `serving.json`; raises `ModelInvalid` where it is not valid."""
    path = model / SERVING
    if not path.exists():
        return ServingConfig()
    try:
        return ServingConfig.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelInvalid(f"{SERVING} is not valid{f' at {place}' if place else ''}: {first['msg']}") from None
