"""How a request for a model may fail, as OpenAPI describes responses."""

from typing import Any

from app.http.dialect import STATUS
from app.http.problems import DESCRIPTIONS, described

UNFIT = "The request cannot be read, or does not fit the model"
"""What 400 means in the protocols of others, where 422 is not known."""


def problems() -> dict[str, Any]:
    """Each status that a request to our own routes may end with, its body a problem."""
    return {str(status): response for status, response in described(*DESCRIPTIONS).items()}


def error_objects() -> dict[str, Any]:
    """Each status that an inference by the protocols of others may end with, its body `{"error": …}`."""
    error = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    content = {"application/json": {"schema": error}}
    told = {**DESCRIPTIONS, 400: UNFIT}
    statuses = sorted(set(STATUS.values()))
    return {str(status): {"description": told[status], "content": content} for status in statuses}
