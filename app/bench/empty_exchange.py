"""An ASGI application that does nothing, under the server's own HTTP stack: what a request costs before any work."""

import os
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BACKLOG = 2048


class EmptyApplication:
    """Reads a request's body and answers with so many bytes."""

    def __init__(self, answer_bytes: int) -> None:
        self._body = b" " * answer_bytes
        self._headers = [(b"content-type", b"application/json"), (b"content-length", str(answer_bytes).encode())]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One exchange."""
        del scope
        while (await receive()).get("more_body", False):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


def serve_empty_exchange(connection: Connection, answer_bytes: int, processes: int) -> None:
    """Serve it on a free port of the loopback, which is told over the connection, until that closes.

    Runs in a process of its own, which makes the others, and ends with them.
    """
    os.setsid()  # Ctrl-C is the parent's business
    sock = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    for _ in range(processes - 1):
        if os.fork() == 0:
            break
    else:
        connection.send(sock.getsockname()[1])
    config = uvicorn.Config(
        EmptyApplication(answer_bytes),
        loop="auto",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    uvicorn.Server(config).run(sockets=[sock])


def _end_with(connection: Connection) -> None:
    """End this process when the other side of the connection is gone."""
    with suppress(EOFError, OSError):
        connection.recv()
    os._exit(0)
