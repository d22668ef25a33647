"""Structured logs: one JSON object per line on standard error; never what a client sent."""

import json
import logging
import sys
import time
import traceback
from typing import Any

from pydantic_core import to_json

FIELDS = "fields"
"""Key of `extra` under which a log call passes its own fields."""


class JsonFormatter(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`, the call's own fields, and the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        seconds, fraction = divmod(record.created, 1)
        line: dict[str, Any] = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(fraction * 1000):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            line["exception"] = "".join(traceback.format_exception(*record.exc_info))
        try:
            return to_json(line, inf_nan_mode="strings", fallback=str).decode()
        except ValueError:  # text that UTF-8 has no bytes for, such as the name of a file
            return json.dumps(line, default=str)


def configure_logging(level: str) -> None:
    """Send every logger of the process, uvicorn's too, through the JSON formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # ours knows the request id, the model and the time
    logging.getLogger("httpx").setLevel(logging.WARNING)
