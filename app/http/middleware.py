"""Around every request: its id, its metrics, its line in the log, and a last net under failures of our own."""

import asyncio
import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.observation import RequestObserver
from app.http.pacing import RefusalPacing
from app.http.problems import internal_problem
from app.http.record import KEY, RequestRecord, header, request_id_of

logger = logging.getLogger(__name__)
TOO_MANY_REQUESTS = 429
UNMATCHED = "unmatched"
"""The route label of every URL that no route matches, so that scanners add no series."""


class ObservingMiddleware:
    """Pure ASGI: adds `X-Request-ID`, paces refusals, counts, times, and logs nothing that the client wrote."""

    def __init__(self, app: ASGIApp, observer: RequestObserver, pacing: RefusalPacing) -> None:
        self._app = app
        self._observer = observer
        self._pacing = pacing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; passes everything but HTTP through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        record = RequestRecord(request_id_of(header(scope, b"x-request-id")))
        scope[KEY] = record
        id_header = (b"x-request-id", record.request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == TOO_MANY_REQUESTS:
                    await asyncio.sleep(self._pacing.delay_seconds())
                record.status = message["status"]
                message["headers"].append(id_header)
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            log_failure(record.request_id, error)
            if record.status:
                raise  # half a response is out: only a broken connection can tell
            await internal_problem(record.request_id).send(send_with_id)
        finally:
            record.route = record.route or getattr(scope.get("route"), "path", "") or UNMATCHED
            self._observer.finished(record, scope["method"], perf_counter() - started)


def log_failure(request_id: str, error: Exception) -> None:
    """Log a failure of our own under its request's id."""
    logger.error("request failed", exc_info=error, extra={"fields": {"request_id": request_id}})
