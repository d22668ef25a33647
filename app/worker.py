"""What each worker process runs: the application, with the settings that its environment holds."""

import ctypes
import signal
import sys

from fastapi import FastAPI

from app.main import create_app
from app.observability.logging import configure_logging
from app.settings import read_settings

PR_SET_PDEATHSIG = 1
"""Linux's `prctl` option: the signal that the kernel sends a process when its parent ends."""


def application() -> FastAPI:
    """The application of one worker; it drains and ends when its supervisor does, however that ends."""
    settings = read_settings()
    configure_logging(settings.log_level)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return create_app(settings)
