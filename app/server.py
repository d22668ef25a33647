"""Runs the application: the port, the worker processes, the folder that their metrics share, the end."""

import asyncio
import gc
import importlib
import json
import logging
import multiprocessing
import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import cast

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import SIGNALS, Process

from app.errors import SettingsInvalid
from app.http.acceptor import Acceptor, OpenConnections, shared_counts
from app.observability import METRICS_FOLDER_VARIABLE
from app.observability.logging import configure_logging
from app.settings import PREFIX, Settings

logger = logging.getLogger(__name__)

WORKER_MODULE = "app.worker"
GRPC_MODULE = "app.grpc.server"
FORK = multiprocessing.get_context("fork")
"""The supervisor has one thread, no event loop and no model, so that nothing is forked halfway."""

GRACE_SECONDS = 2.0
"""Beyond each drain, for what is left to be refused and closed."""

BACKLOG = 2048
"""Connections that may wait to be accepted."""


def run_server(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT with the settings' number of workers, and return the exit code.

    The supervisor replaces a worker that dies or hangs, and hands SIGTERM on to all of them, which drain. Raises
    `SettingsInvalid` where the address cannot be had.
    """
    configure_logging(settings.log_level)
    _export(settings)
    with (
        _bind(settings.host, settings.port) as listener,
        _reserve(settings),
        tempfile.TemporaryDirectory(prefix="horngate-metrics-", ignore_cleanup_errors=True) as metrics,
    ):
        os.environ[METRICS_FOLDER_VARIABLE] = metrics
        _preload(settings)
        supervisor = Supervisor(_configure(settings), [listener], _patience_seconds(settings))
        supervisor.run()
    has_failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return STARTUP_FAILURE if has_failed else 0


class Server(uvicorn.Server):
    """uvicorn's server with connections spread evenly: `counts` and `place` as `OpenConnections` has them."""

    def __init__(self, config: uvicorn.Config, counts: "memoryview[int]", place: int) -> None:
        super().__init__(config)
        self.server_state.connections = self._held = OpenConnections(counts, place)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application, then the port: uvicorn itself is given none to listen on."""
        await super().startup(sockets=[])
        acceptors = [Acceptor(each, self.config.backlog, self._make_protocol, self._held) for each in sockets or ()]
        for acceptor in acceptors:
            await acceptor.open()
        self.servers = cast("list[asyncio.Server]", acceptors)  # of which uvicorn wants close and wait_closed

    def _make_protocol(self) -> asyncio.Protocol:
        """A connection's protocol, made as uvicorn makes it."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # only its base class lacks them
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


class Worker(Process):
    """A worker process, forked from the supervisor: what that has imported is there, and its memory is shared."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], counts: "memoryview[int]", place: int
    ) -> None:
        super().__init__(config, sockets)
        self._server = Server(config, counts, place)
        self.process = FORK.Process(target=self._start, args=(sockets,))  # type: ignore[assignment]  # alike in use

    def _start(self, sockets: list[socket.socket]) -> None:
        """The worker's life, which begins without the supervisor's signal handlers."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        self.target(sockets)


class Supervisor(Multiprocess):
    """Holds the port open for as long as workers are replaced; on the way out only those that still accept hold it."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], patience_seconds: float) -> None:
        super().__init__(config, sockets)
        self._patience_seconds = patience_seconds
        self._counts = shared_counts(config.workers)

    def init_processes(self) -> None:
        """Start every worker."""
        self.processes = [self._start_worker(place) for place in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died or no longer answer; end where one cannot even start."""
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.is_alive(timeout=self.config.timeout_worker_healthcheck):
                continue
            worker.kill()
            worker.process.join()
            logger.error("worker died", extra={"fields": {"pid": worker.pid, "exit_code": worker.exitcode}})
            if worker.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
            else:
                self.processes[place] = self._start_worker(place)

    def handle_hup(self) -> None:
        """Settings and workers stay as they are while the server runs; new models are found without a signal."""
        logger.warning("signal ignored: stop and start the server to change its settings or workers")

    handle_ttin = handle_ttou = handle_hup

    def _start_worker(self, place: int) -> Worker:
        """A new worker that shares the port."""
        worker = Worker(self.config, self.sockets, self._counts, place)
        worker.start()
        return worker

    def terminate_all(self) -> None:
        """Ask every worker to drain and end; once the last has closed the port, connections are refused."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for every worker's end, and bring it about where one hangs in its model past every grace."""
        deadline = monotonic() + self._patience_seconds
        for worker in self.processes:
            worker.process.join(max(deadline - monotonic(), 0.0))
            if worker.exitcode is None:
                logger.error("worker did not end and is killed", extra={"fields": {"pid": worker.pid}})
                worker.process.kill()
                worker.process.join()


def _preload(settings: Settings) -> None:
    """Import what every worker runs, once for all of them, after the metrics' variable is set.

    Frozen objects are never looked at by the garbage collector, so that their memory stays shared.
    """
    importlib.import_module(WORKER_MODULE)
    if settings.grpc_port is not None:
        importlib.import_module(GRPC_MODULE)
    gc.collect()
    gc.freeze()


def _patience_seconds(settings: Settings) -> float:
    """How long a worker may take to end: its connections first, then its calls and its models, each with its grace."""
    ends = 2 if settings.grpc_port is None else 3
    return settings.drain_delay_seconds + ends * (settings.drain_seconds + GRACE_SECONDS)


def _bind(host: str, port: int) -> socket.socket:
    """A socket that listens on this address, its port told in the log; raises `SettingsInvalid` where it cannot be had.

    Who reads that line may connect: until a worker is there, connections wait.
    """
    listener = _listener(host, port, "--port", backlog=BACKLOG)
    address = f"[{host}]" if listener.family is socket.AF_INET6 else host
    logger.info("listening", extra={"fields": {"url": f"http://{address}:{listener.getsockname()[1]}"}})
    return listener


def _listener(host: str, port: int, option: str, *flags: int, backlog: int = 0) -> socket.socket:
    """A socket on this address, with these flags of sockets, that listens where there is a `backlog`.

    Raises `SettingsInvalid` where it cannot be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        for flag in (socket.SO_REUSEADDR, *flags):
            listener.setsockopt(socket.SOL_SOCKET, flag, 1)
        listener.bind((host, port))
        if backlog:
            listener.listen(backlog)
    except OSError as error:
        listener.close()
        reason = error.strerror or error
        raise SettingsInvalid(f"cannot listen on {host}:{port}: {reason}; set another --host or {option}") from None
    return listener


@contextmanager
def _reserve(settings: Settings) -> Iterator[None]:
    """Hold the gRPC port, on which every worker listens for itself; raises `SettingsInvalid` where it cannot be had.

    The kernel gives a connection to one of those that listen, never to this socket. A port that somebody else listens
    on could be shared as well, and would be, unnoticed: so it is first bound as one that cannot.
    """
    if settings.grpc_port is None:
        yield
        return
    with _listener(settings.host, settings.grpc_port, "--grpc-port") as alone:
        port = alone.getsockname()[1]
    with _listener(settings.host, port, "--grpc-port", socket.SO_REUSEPORT):
        os.environ[f"{PREFIX}GRPC_PORT"] = str(port)
        yield


def _configure(settings: Settings) -> uvicorn.Config:
    """What each worker's server runs, and how."""
    return uvicorn.Config(
        f"{WORKER_MODULE}:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="uvloop",
        http="app.http.protocol:FastProtocol",
        ws="none",
        proxy_headers=False,  # no answer depends on who asks
        backlog=BACKLOG,
        timeout_graceful_shutdown=int(settings.drain_seconds + GRACE_SECONDS),
    )


def _export(settings: Settings) -> None:
    """Put what was set into the environment, from which the workers read it."""
    for name, value in settings.model_dump(mode="json", exclude_unset=True).items():
        os.environ[PREFIX + name.upper()] = value if isinstance(value, str) else json.dumps(value)
