"""Bodies over real sockets: in parts, too large, and ones that never end."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from app.errors import TooLarge
from app.http.body import read_body
from app.main import create_app
from app.settings import Settings

Address = tuple[str, int]
Listening = Callable[..., AbstractContextManager[Address]]

PATH = "/predict/sentiment"
LIMIT = 1024 * 1024


@pytest.fixture
def address(listening: Listening, tiny_models: Path) -> Iterator[Address]:
    """A service that takes a mebibyte at most."""
    with listening(create_app(Settings(models_dir=tiny_models, max_body_bytes=LIMIT))) as address:
        yield address


@contextmanager
def connected(address: Address) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(*address, timeout=20)
    connection.connect()
    try:
        yield connection
    finally:
        connection.close()


def post(connection: HTTPConnection, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    connection.request("POST", PATH, body, {"Content-Type": "application/json", **headers})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_a_body_may_come_in_parts(address: Address) -> None:
    with connected(address) as connection:
        status, answer = post(connection, iter([b'{"te', b'xt": "go', b'od"}']))
        assert (status, answer["label"]) == (200, "positive")


def test_a_client_that_sends_far_too_much_gets_its_answer_and_keeps_its_connection(address: Address) -> None:
    with connected(address) as connection:
        for body in (b" " * (8 * LIMIT), iter([b" " * 100_000] * 80)):
            status, answer = post(connection, body)
            assert (status, answer["code"]) == (413, "too_large")
        assert post(connection, b'{"text": "good"}')[0] == 200


def test_a_client_that_asks_before_it_sends_is_refused_without_the_body(address: Address) -> None:
    with socket.create_connection(address, timeout=20) as client:
        client.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: {2 * LIMIT}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert client.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_stops_halfway_ends_with_the_deadline(address: Address) -> None:
    with socket.create_connection(address, timeout=20) as client:
        head = f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\nX-Request-Timeout-Ms: 50\r\n\r\n"
        client.sendall(head.encode() + b'{"text": ')
        answer = client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 504 ")
    assert b"the body did not arrive within 50 ms" in answer


def test_a_client_that_leaves_while_it_sends_is_counted_under_499(
    address: Address, eventually: Callable[..., Any], sum_of: Callable[..., float]
) -> None:
    with socket.create_connection(address, timeout=20) as client:
        client.sendall(f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n".encode() + b'{"text": ')
    with connected(address) as connection:

        def left() -> bool:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
            return sum_of(text, "horngate_requests_total", route="/predict/{model}", code="499") == 1

        eventually(left)
        assert post(connection, b'{"text": "good"}')[0] == 200


async def test_a_body_over_the_limit_in_one_message_of_no_declared_length_is_too_large() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b" " * 9}

    scope = {"type": "http", "headers": [(b"content-type", b"Text/JSON ; charset=utf-8")]}
    with pytest.raises(TooLarge, match="a body of at most 8 bytes; received 9 or more"):
        await read_body(scope, receive, 8)
    body = await read_body(scope, receive, 9)
    assert (body.data, body.media_type) == (b" " * 9, "text/json")
