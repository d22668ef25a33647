"""What each worker process runs: the application, with the settings that its environment holds."""

import ctypes
import logging
import multiprocessing
import os
import signal
import sys

from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from app.errors import SettingsInvalid
from app.main import create_app
from app.observability.logging import configure_logging
from app.settings import read_settings

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
"""Linux's `prctl` option: the signal that the kernel sends a process when its parent ends."""


def application() -> FastAPI:
    """The application of one worker; it drains and ends when its supervisor does, however that ends.

    Raises `SystemExit` with uvicorn's code for a failed start where the settings are not valid: then no worker's are,
    and the supervisor ends instead of starting them for ever.
    """
    try:
        settings = read_settings()
    except SettingsInvalid as error:
        configure_logging("info")
        logger.error("the worker cannot start", extra={"fields": {"reason": str(error)}})  # noqa: TRY400  # no traceback
        raise SystemExit(STARTUP_FAILURE) from error
    configure_logging(settings.log_level)
    supervisor = multiprocessing.parent_process()
    if supervisor is not None and supervisor.pid is not None:
        end_with(supervisor.pid)
    return create_app(settings)


def end_with(supervisor: int) -> None:
    """Let this process be sent SIGTERM when its parent, the process `supervisor`, ends; at once where it has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        signal.raise_signal(signal.SIGTERM)
