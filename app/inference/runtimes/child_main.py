"""The child's side of a runtime in a process of its own: `python -m app.inference.runtimes.child_main`.

It answers one call at a time and ends when the parent's end of the connection closes, so that it never outlives the
server, however that ends, and even where the model hangs.
"""

import contextlib
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import HorngateError, InferenceFailed
from app.inference.runtimes.shared_tensors import Place, TensorReader, TensorWriter
from app.types import Runtime, Signature

HANG_SECONDS = 5.0
"""How long a model may go on that nobody waits for any more, before the process ends in the midst of it."""

Builder = Callable[[], Runtime]


class RuntimeServer:
    """Answers the parent's calls with the runtime that `builder` makes at the first of them."""

    def __init__(self, builder: Builder, batches: TensorReader, answers: TensorWriter) -> None:
        self._builder = builder
        self._batches = batches
        self._answers = answers
        self._runtime: Runtime | None = None

    def load(self, folder: Path) -> Signature:
        """Make the runtime and load."""
        self._runtime = self._builder()
        return self._runtime.load(folder)

    def run(self, places: list[Place]) -> list[Place]:
        """Run the batch that lies at `places` and say where the outputs lie."""
        if self._runtime is None:
            raise InferenceFailed("nothing is loaded")
        outputs = self._runtime.run(self._batches.read(places, copied=False))
        return self._answers.write({name: np.asarray(array) for name, array in outputs.items()})

    def answer(self, call: tuple[str, Any]) -> Any:
        """What the call gives, or the error that it raises."""
        method, argument = call
        try:
            return self.load(argument) if method == "load" else self.run(argument)
        except HorngateError as error:
            return error
        except Exception as error:  # noqa: BLE001  # told to the parent, which decides
            return InferenceFailed(f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Close the runtime, where there is one, and the memories."""
        if self._runtime is not None:
            self._runtime.close()
        self._batches.close()
        self._answers.close()


def serve(connection: Connection, server: RuntimeServer) -> None:
    """Answer until the parent closes the connection."""
    ended = threading.Event()
    watcher = threading.Thread(target=_end_when_left, args=(os.dup(connection.fileno()), ended), daemon=True)
    watcher.start()
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                connection.send(server.answer(connection.recv()))
        server.close()
    finally:
        ended.set()


def _end_when_left(descriptor: int, ended: threading.Event) -> None:
    """End the process where the parent has left and the model still runs after `HANG_SECONDS`."""
    hang_up = select.poll()
    hang_up.register(descriptor, select.POLLRDHUP)
    hang_up.poll()
    os.close(descriptor)
    if not ended.wait(HANG_SECONDS):
        os._exit(1)


def main(arguments: list[str]) -> None:
    """Serve; the arguments are CONNECTION BATCHES ANSWERS, three descriptors, then MODULE:NAME [NUMBER …]."""
    # A signal to the whole group is the server's business: it closes the connection when the last batch is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of each new batch size
    connection, batches, answers = map(int, arguments[:3])
    target, *numbers = arguments[3:]
    module, _, name = target.partition(":")

    def builder() -> Runtime:
        runtime: Runtime = partial(getattr(import_module(module), name), *map(int, numbers))()
        return runtime

    serve(Connection(connection), RuntimeServer(builder, TensorReader(batches), TensorWriter(answers)))


if __name__ == "__main__":
    main(sys.argv[1:])
