"""Looks at the server before the load: which models it has, and what it answers to the request that will be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from app.bench.errors import BenchInvalid
from app.bench.request import Body, Target

PREFIX = "/predict/"
JSON = "application/json"
DETAIL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server gave for one request; `model` is `name/version` where it says so."""

    status: int
    body_bytes: int
    model: str | None
    detail: str


def choose_model(target: Target, model: str | None, timeout: float) -> tuple[Target, Any]:
    """The target's prediction route, and the route's example from the server's `/openapi.json`.

    Takes the first model where none is named. Raises `BenchInvalid` where there is no such model, or no document.
    """
    document = _openapi(target, timeout)
    paths: Mapping[str, Any] = document.get("paths") or {}
    routes = {path.removeprefix(PREFIX): item for path, item in paths.items() if path.startswith(PREFIX)}
    names = ", ".join(routes) or "none"
    if not routes or (model is not None and model not in routes):
        raise BenchInvalid(f"expected a model that {target.origin} serves ({names}); received {model or 'none'}")
    name = model or next(iter(routes))
    try:
        examples = routes[name]["post"]["requestBody"]["content"][JSON]["examples"]
        example = next(iter(examples.values()))["value"]
    except (KeyError, StopIteration, TypeError):
        example = None
    return replace(target, path=PREFIX + name), example


def ask(target: Target, body: Body, headers: Sequence[tuple[str, str]], timeout: float) -> Answer:
    """Send one request as the load will be; raises `BenchInvalid` where nobody answers."""
    try:
        response = httpx.post(
            target.origin + target.path,
            content=body.content,
            headers=[("Content-Type", body.content_type), *headers],
            timeout=timeout,
            trust_env=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(target, error) from None
    return Answer(response.status_code, len(response.content), response.headers.get("x-model"), _detail(response))


def _openapi(target: Target, timeout: float) -> Mapping[str, Any]:
    """The server's document."""
    hint = "give the route's whole URL and a body (--kind, --body)"
    try:
        response = httpx.get(f"{target.origin}/openapi.json", timeout=timeout, trust_env=False)
        response.raise_for_status()
        document = response.json()
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise BenchInvalid(f"expected {target.origin}/openapi.json; received {status}; {hint}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(target, error) from None
    except ValueError:
        raise BenchInvalid(f"expected JSON from {target.origin}/openapi.json; received none; {hint}") from None
    if not isinstance(document, Mapping):
        raise BenchInvalid(f"expected an object from {target.origin}/openapi.json; {hint}")
    return document


def _unreachable(target: Target, error: Exception) -> BenchInvalid:
    """Nobody is there."""
    reason = str(error) or type(error).__name__
    return BenchInvalid(f"no answer from {target.origin}: {reason}; start a server with `horngate serve`")


def _detail(response: httpx.Response) -> str:
    """The problem's detail, or the beginning of the answer."""
    try:
        detail = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = response.text
    return " ".join(detail.split())[:DETAIL_CHARACTERS]
