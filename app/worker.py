"""What each worker process runs: the application, with the settings that its environment holds."""

import ctypes
import multiprocessing
import os
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
