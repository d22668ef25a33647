"""A runtime in a child process: its import, its memory and its crashes stay out of the server.

Parent and child talk over one socket pair, a pickled message each way per call. The child ends when its end of the pair
closes, so that it never outlives the server, however that ends.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.errors import HorngateError, InferenceFailed, ModelInvalid
from app.types import Array, Runtime, Signature, Tensors

CLOSE_SECONDS = 5.0
"""How long a child may take to end by itself."""

Builder = Callable[[], Runtime]


class ProcessRuntime:
    """Runs the runtime that `builder` (`module:name`) makes with `arguments` in a process of its own.

    A child that dies fails the batch it was given and is started again for the next one.
    """

    def __init__(self, builder: str, *arguments: int) -> None:
        self._command = [builder, *map(str, arguments)]
        self._in_use = threading.Lock()
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._process.pid if self._process else None

    def load(self, folder: Path) -> Signature:
        """Start the child and let it load; raises `ModelInvalid` where it cannot, and leaves no child then."""
        with self._in_use:
            return self._load(folder)

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch in the child; raises `InferenceFailed` where it failed or died."""
        with self._in_use:
            if self._folder is None:
                raise InferenceFailed("the runtime is closed")
            if self._connection is None:
                self._restart(self._folder)
            outputs: dict[str, Array] = self._ask("run", dict(tensors))
            return outputs

    def close(self) -> None:
        """End the child, by force where it does not end by itself; a batch that still runs in it fails."""
        self._folder = None
        self._hang_up()
        with self._in_use:
            self._folder = None  # where a child was being started meanwhile
            self._stop()

    def _load(self, folder: Path) -> Signature:
        """Load in a new child."""
        self._stop()
        self._start()
        try:
            signature: Signature = self._ask("load", folder)
        except HorngateError as error:
            self._stop()
            raise ModelInvalid(str(error)) from error
        self._folder = folder
        return signature

    def _restart(self, folder: Path) -> None:
        """Load again in a new child; where that fails too, the next batch tries once more."""
        try:
            self._load(folder)
        except ModelInvalid as error:
            raise InferenceFailed(f"the runtime's process cannot be started again: {error}") from error

    def _start(self) -> None:
        """Start a child that listens on one end of a socket pair."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            command = [sys.executable, "-m", "app.inference.runtimes.process", str(theirs.fileno()), *self._command]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])  # noqa: S603  # our own module
            self._connection = Connection(ours.detach())

    def _ask(self, method: str, argument: Any) -> Any:
        """Call the child's runtime and wait for its answer."""
        if self._connection is None:
            raise InferenceFailed("the runtime's process is not running")
        try:
            self._connection.send((method, argument))
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            code = self._stop()
            raise InferenceFailed(f"the runtime's process ended with exit code {code}") from error
        if isinstance(answer, HorngateError):
            raise answer
        return answer

    def _hang_up(self) -> None:
        """Wake the thread that waits for the child's answer; to close the connection in its hands would not be safe."""
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as ours:
                ours.shutdown(socket.SHUT_RDWR)

    def _stop(self) -> int | None:
        """Close the pair, wait for the child and return its exit code."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            return process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def serve_runtime(connection: Connection, builder: Builder) -> None:
    """The child's side: answer calls until the parent closes the connection."""
    runtime: Runtime | None = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            method, argument = connection.recv()
            try:
                runtime = runtime or builder()
                answer = getattr(runtime, method)(argument)
            except HorngateError as error:
                answer = error
            except Exception as error:  # noqa: BLE001  # told to the parent, which decides
                answer = InferenceFailed(f"{type(error).__name__}: {error}")
            connection.send(answer)
    if runtime is not None:
        runtime.close()


def main(arguments: list[str]) -> None:
    """`python -m app.inference.runtimes.process DESCRIPTOR MODULE:NAME [NUMBER …]`."""
    # A signal to the whole group is the server's business: it closes the connection when the last batch is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    descriptor, target, *numbers = arguments
    module, _, name = target.partition(":")

    def builder() -> Runtime:
        runtime: Runtime = partial(getattr(import_module(module), name), *map(int, numbers))()
        return runtime

    serve_runtime(Connection(int(descriptor)), builder)


if __name__ == "__main__":
    main(sys.argv[1:])
