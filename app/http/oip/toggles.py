"""Trace and log settings: they can be read, and set to what they are already.

The workers share nothing: a setting that a request changed would hold in the one that it came to.
"""

import logging
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.http.oip.answering import answer, asked_in
from app.http.oip.refusals import Unsupported
from app.wire.oip_metadata import TRACE_SETTINGS, log_settings


async def trace_settings(request: Request) -> Response:
    """Nothing is traced; raises `Unsupported` for a request to trace something."""
    return await _unchanged(request, TRACE_SETTINGS, "nothing is traced; GET /metrics tells where time goes")


async def logging_settings(request: Request) -> Response:
    """What is logged; raises `Unsupported` for a request to log something else."""
    settings = log_settings(logging.getLogger().getEffectiveLevel())
    return await _unchanged(request, settings, "the log's level is set with HORNGATE_LOG_LEVEL when the server starts")


async def _unchanged(request: Request, settings: Mapping[str, Any], why: str) -> Response:
    """The settings; raises `Unsupported` where the body asks for others. A null asks for the setting as it is."""
    asked = await asked_in(request) if request.method == "POST" else {}
    for name, value in asked.items():
        if value is not None and settings.get(name) != value:
            raise Unsupported(f"/{name[:64]}: expected the settings as they are; received another value; {why}")
    return answer(settings)
