"""The end of every request: its metrics and its line in the log."""

from app.http.record import RequestRecord
from app.observability.access_log import AccessLog, Entry
from app.observability.metrics import Metrics


class RequestObserver:
    """Is told of every request once, when its response is out; what a client wrote reaches neither of the two."""

    def __init__(self, metrics: Metrics, access_log: AccessLog | None) -> None:
        self.metrics = metrics
        self._access_log = access_log

    def finished(self, record: RequestRecord, method: str, seconds: float) -> None:
        """Count, time and log."""
        self.metrics.request_finished(record.route, record.model, record.version, record.status, seconds)
        if self._access_log is not None:
            model = f"{record.model}/{record.version}" if record.model else ""
            self._access_log.write(Entry(record.request_id, method, record.route, record.status, seconds, model))
