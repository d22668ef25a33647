"""What a request may ask besides its body, as OpenAPI describes parameters."""

from typing import Any

from app.http.directives import PRIORITIES, PRIORITY, TIMEOUT

HEADERS: list[dict[str, Any]] = [
    {
        "name": "X-Request-ID",
        "in": "header",
        "schema": {"type": "string"},
        "description": "Up to 128 printable characters, echoed in the response and in the log; made where absent",
    },
    {
        "name": TIMEOUT,
        "in": "header",
        "schema": {"type": "integer", "minimum": 1},
        "description": "Deadline in milliseconds; 504 when it passes",
    },
    {
        "name": PRIORITY,
        "in": "header",
        "schema": {"type": "string", "enum": [name.decode() for name in PRIORITIES], "default": "normal"},
        "description": "Under overload the lowest are refused first",
    },
]
"""The headers of every route that runs a model."""

ID_HEADER = {"X-Request-ID": {"schema": {"type": "string"}}}
"""The header of every answer."""

OWN_HEADERS = {**ID_HEADER, **{name: {"schema": {"type": "string"}} for name in ("X-Model", "Server-Timing")}}
"""The headers of the answers of our own routes."""
