"""Live and ready, in the words of the protocol."""

from starlette.requests import Request
from starlette.responses import Response

from app.http.oip.answering import answer
from app.lifecycle.readiness import Readiness


class Health:
    """The two probes over one readiness."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    async def live(self, request: Request) -> Response:
        """200: the process answers at all."""
        del request
        return answer({"live": True})

    async def ready(self, request: Request) -> Response:
        """200 while requests should be sent here, else 503; the specification's body says `live`, KServe's `ready`."""
        del request
        is_ready = not self._readiness.missing()
        return answer({"ready": is_ready, "live": is_ready}, 200 if is_ready else 503)
