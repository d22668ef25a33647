"""Around every request: its id, its metrics, its line in the log, and a last net under failures of our own."""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problems import internal_problem
from app.http.record import KEY, RequestRecord, request_id_of
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics

logger = logging.getLogger(__name__)
UNMATCHED = "unmatched"
"""The route label of every URL that no route matches, so that scanners add no series."""


class ObservingMiddleware:
    """Pure ASGI: adds `X-Request-ID`, counts, times and logs; sends nothing that the client wrote to the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics, access_log: AccessLog | None) -> None:
        self._app = app
        self._metrics = metrics
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; passes everything but HTTP through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        record = RequestRecord(request_id_of(scope))
        scope[KEY] = record
        id_header = (b"x-request-id", record.request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message["headers"].append(id_header)
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            logger.exception("request failed", extra={"fields": {"request_id": record.request_id}})
            if record.status:
                raise  # half a response is out: only a broken connection can tell
            await internal_problem(record.request_id)(scope, receive, send_with_id)
        finally:
            self._finish(scope, record, perf_counter() - started)

    def _finish(self, scope: Scope, record: RequestRecord, seconds: float) -> None:
        """Count, time and log."""
        route = record.route or getattr(scope.get("route"), "path", "") or UNMATCHED
        self._metrics.request_finished(route, record.model, record.version, record.status, seconds)
        if self._access_log is not None:
            fields = {
                "request_id": record.request_id,
                "method": scope["method"],
                "route": route,
                "status": record.status,
                "milliseconds": round(1000 * seconds, 3),
            }
            if record.model:
                fields["model"] = f"{record.model}/{record.version}"
            self._access_log.write(fields)
