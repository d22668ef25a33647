"""Runs the application: the port, the worker processes, the folder that their metrics share, the end."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app.observability.exposition import DIRECTORY_VARIABLE
from app.observability.logging import configure_logging
from app.settings import PREFIX, Settings

GRACE_SECONDS = 5.0
"""Beyond the drain, for connections to close."""

BACKLOG = 2048
"""Connections that may wait to be accepted."""


def run_server(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT with the settings' number of workers, and return the exit code.

    The supervisor replaces a worker that dies or hangs, and hands SIGTERM on to all of them, which drain.
    """
    configure_logging(settings.log_level)
    _export(settings)
    metrics = Path(tempfile.mkdtemp(prefix="horngate-metrics-"))
    os.environ[DIRECTORY_VARIABLE] = str(metrics)
    config = uvicorn.Config(
        "app.worker:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="uvloop",
        http="httptools",
        ws="none",
        proxy_headers=False,  # no answer depends on who asks
        backlog=BACKLOG,
        timeout_graceful_shutdown=int(settings.drain_seconds + GRACE_SECONDS),
    )
    try:
        supervisor = Multiprocess(config, [config.bind_socket()])
        supervisor.run()
        has_failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    finally:
        shutil.rmtree(metrics, ignore_errors=True)
    return STARTUP_FAILURE if has_failed else 0


def _export(settings: Settings) -> None:
    """Put what was set into the environment, from which the workers read it."""
    for name, value in settings.model_dump(mode="json", exclude_unset=True).items():
        os.environ[PREFIX + name.upper()] = value if isinstance(value, str) else json.dumps(value)
