"""The errors of the protocols of others, as OpenAPI describes responses."""

from typing import Any

from app.http.dialect import STATUS
from app.http.problems import DESCRIPTIONS

UNFIT = "The request cannot be read, or does not fit the model"
"""What 400 means there, where 422 is not known."""


def error_objects() -> dict[str, Any]:
    """Each status that an inference may end with, its body `{"error": …}`."""
    error = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    content = {"application/json": {"schema": error}}
    told = {**DESCRIPTIONS, 400: UNFIT}
    statuses = sorted(set(STATUS.values()))
    return {str(status): {"description": told[status], "content": content} for status in statuses}
