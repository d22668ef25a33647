"""Whether two servers say the same: speed is compared only between equal answers."""

from collections.abc import Mapping
from typing import Any

import httpx

from app.bench.errors import BenchInvalid
from scripts.benchmark.contenders import Contender
from scripts.benchmark.peers.tokens import Reading
from scripts.benchmark.processes import Server

TEXTS = (
    "This movie was great and I loved the acting, the story and the music",
    "Dull, far too long, and the ending made no sense at all",
    "这是一部非常棒的电影！",
)
TOLERANCE = 1e-3
ASK_SECONDS = 30.0


def check_agreement(servers: Mapping[Server, Contender]) -> None:
    """Ask every server the same texts; raises `BenchInvalid` where one has another label or score than the first."""
    readings = {server.name: [_ask(server, contender, text) for text in TEXTS] for server, contender in servers.items()}
    (first, expected), *others = readings.items()
    for name, received in others:
        for text, ours, theirs in zip(TEXTS, expected, received, strict=True):
            if ours["label"] != theirs["label"] or abs(ours["score"] - theirs["score"]) > TOLERANCE:
                raise BenchInvalid(f"expected the same answer to {text!r}; {first} says {ours}, {name} {theirs}")


def _ask(server: Server, contender: Contender, text: str) -> Reading:
    """One answer; raises `BenchInvalid` where it cannot be understood."""
    body = contender.body(text)
    answer = httpx.post(
        server.origin + contender.path,
        content=body.content,
        headers={"Content-Type": body.content_type},
        timeout=ASK_SECONDS,
        trust_env=False,
    )
    try:
        content: Any = answer.raise_for_status().json()
        reading = contender.read(content)
        return {"label": reading["label"], "score": float(reading["score"])}
    except (httpx.HTTPStatusError, ValueError, LookupError, TypeError) as error:
        raise BenchInvalid(f"expected a label and a score from {server.name}; received {answer.text!r}") from error
