"""What the soak sends, and which answers each kind may get."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.bench.bodies import JSON, TEXT, body_of

OVERSIZED_BYTES = 17 * 2**20
"""More than the server's default limit of 16 MiB."""

LONG_WORDS, MANY_TEXTS, BURST_TEXTS = 2000, 64, 256
FULL = frozenset({429})
"""A full queue refuses before a body is looked at, so a wrong request too."""

SERVED = FULL | {200}
"""A right request is answered, or refused while a burst fills the queue."""

CLOSED = 0
"""Stands for a connection that the server closed instead of answering."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One kind of request: `weight` says how often it is sent, `expected` which statuses may come back.

    `leaves` marks a client that closes its connection before the answer.
    """

    name: str
    path: str
    expected: frozenset[int] = SERVED
    weight: int = 10
    method: str = "POST"
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    leaves: bool = False


def mixed_exchanges() -> list[Exchange]:
    """Every kind of the mix, in the proportions that `weight` gives."""
    return [*_right(), *_wrong(), *_watching()]


def burst_exchange() -> Exchange:
    """What is sent many times at once, to overload the server."""
    return Exchange("burst", "/predict/sentiment", content=_json({"texts": [TEXT] * BURST_TEXTS}))


def _right() -> list[Exchange]:
    """Requests that a server has to serve."""
    long, many = " ".join(TEXT.split() * (LONG_WORDS // 20)), [f"{TEXT} {number}" for number in range(MANY_TEXTS)]
    picture = {"Content-Type": "image/png"}
    hurried = {"Content-Type": JSON, "X-Request-Timeout-Ms": "5"}
    sentiment, digit = "/predict/sentiment", "/predict/digit"
    return [
        Exchange("short text", sentiment, weight=40, content=_json({"text": TEXT})),
        Exchange("Chinese text", sentiment, content=_json({"text": "这是一部非常棒的电影！"})),
        Exchange("long text", sentiment, content=_json({"text": long})),
        Exchange("many texts", sentiment, weight=4, content=_json({"texts": many})),
        Exchange("topic", "/predict/topic", content=_json({"text": "Stocks fell as oil prices hit a record high"})),
        Exchange("PNG", digit, weight=15, content=body_of("png", 1).content, headers=picture),
        Exchange("pixels", digit, content=body_of("pixels", 1).content),
        Exchange("short deadline", sentiment, SERVED | {504}, 4, content=_json({"texts": many}), headers=hurried),
        Exchange("leaving client", sentiment, weight=6, content=_json({"texts": many}), leaves=True),
    ]


def _wrong() -> list[Exchange]:
    """Requests that a server has to turn away, each for its own reason."""
    sentiment, digit = "/predict/sentiment", "/predict/digit"
    plain, picture = {"Content-Type": "text/plain"}, {"Content-Type": "image/png"}
    return [
        Exchange("no JSON", sentiment, FULL | {400}, 3, content=b'{"text": '),
        Exchange("empty text", sentiment, FULL | {422}, 3, content=_json({"text": ""})),
        Exchange("27 rows of pixels", digit, FULL | {422}, 3, content=_json({"pixels": [[0] * 28] * 27})),
        Exchange("no picture", digit, FULL | {400}, 3, content=b"\x89PNG no picture", headers=picture),
        Exchange("plain text", sentiment, FULL | {415}, 3, content=TEXT.encode(), headers=plain),
        Exchange("unknown model", "/predict/absent", frozenset({404}), 3, content=_json({"text": TEXT})),
        Exchange("unknown route", "/absent", frozenset({404}), 3, content=_json({"text": TEXT})),
        Exchange("oversized", sentiment, FULL | {413, CLOSED}, 1, content=b" " * OVERSIZED_BYTES),
    ]


def _watching() -> list[Exchange]:
    """What monitors ask; never refused."""
    paths = {"metrics": "/metrics", "readiness": "/health/ready", "health": "/health", "models": "/models"}
    return [Exchange(name, path, frozenset({200}), 2, "GET", headers={}) for name, path in paths.items()]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
