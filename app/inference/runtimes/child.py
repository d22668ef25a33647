"""One child process that runs a model, as its parent holds it: small messages by a socket, tensors by shared memory."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.errors import HorngateError, InferenceFailed
from app.inference.runtimes.shared_tensors import Place, TensorReader, TensorWriter, open_memory
from app.types import Array, Signature, Tensors

CLOSE_SECONDS = 5.0
"""How long a child that is idle may take to end by itself; TensorFlow takes about one."""

PROGRAM = "app.inference.runtimes.child_main"


class ChildDied(InferenceFailed):
    """The child ended or hung before it had answered; the message says which."""


class Child:
    """A running child at the other end of `connection`, with which it shares two memories; `start_child` makes one.

    One caller at a time, apart from `hang_up`. The caller of `start_child` calls `stop`.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], connection: Connection, batches: TensorWriter, answers: TensorReader
    ) -> None:
        self._process = process
        self._connection = connection
        self._batches = batches
        self._answers = answers
        self._answered = select.poll()
        self._answered.register(connection.fileno(), select.POLLIN)
        self._switch = threading.Lock()
        self._is_left = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def load(self, folder: Path, seconds: float) -> Signature:
        """Load the model; raises what the runtime raises, and `ChildDied` where there is no answer in `seconds`."""
        signature: Signature = self._call("load", folder, seconds)
        return signature

    def run(self, tensors: Tensors, seconds: float) -> dict[str, Array]:
        """Run one batch; the outputs are the caller's own. Raises as `load` does."""
        places: list[Place] = self._call("run", self._batches.write(tensors), seconds)
        return self._answers.read(places, copied=True)

    def hang_up(self) -> None:
        """From any thread: end the wait for an answer, with `ChildDied`, and the child with it."""
        self._is_left = True
        with (
            self._switch,
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(self._connection.fileno())) as ours,
        ):
            ours.shutdown(socket.SHUT_RDWR)

    def stop(self, seconds: float = CLOSE_SECONDS) -> str:
        """Close the connection, wait for the end, force it after `seconds`, and say how it was."""
        with self._switch:
            self._connection.close()
        self._batches.close()
        self._answers.close()
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def _call(self, method: str, argument: Any, seconds: float) -> Any:
        """Call the child's runtime and wait for its answer; a child that gives none is stopped."""
        try:
            # Messages are far smaller than the socket's buffer: sending never waits.
            self._connection.send((method, argument))
            if not self._answered.poll(seconds * 1000):
                self.stop(0)
                raise ChildDied(f"the runtime's process did not answer within {seconds:g} s")
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise ChildDied(f"the runtime's process {self.stop(0 if self._is_left else CLOSE_SECONDS)}") from error
        if isinstance(answer, HorngateError):
            raise answer
        return answer


def start_child(command: Sequence[str]) -> Child:
    """Start a child whose runtime `command` names, `module:name` and then numbers; raises `OSError` where it cannot.

    What lies in the folder that it is started from, an `app.py` say, is no matter to it.
    """
    with contextlib.ExitStack() as opened:
        ours, theirs = socket.socketpair()
        opened.callback(ours.close)
        memories = []
        for _ in range(2):
            memories.append(open_memory())
            opened.callback(os.close, memories[-1])
        with theirs:
            passed = (theirs.fileno(), *memories)
            arguments = [sys.executable, "-P", "-m", PROGRAM, *map(str, passed), *command]
            process = subprocess.Popen(arguments, pass_fds=passed)  # noqa: S603  # our own module
        opened.pop_all()
    return Child(process, Connection(ours.detach()), TensorWriter(memories[0]), TensorReader(memories[1]))
