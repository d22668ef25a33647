"""What a client is told when it is made, checked at once."""

from collections.abc import Mapping
from typing import Literal, get_args

import httpx

from app.client.conversation import Conversation
from app.client.delivery import Delivery

Priority = Literal["high", "normal", "low"]

TIMEOUT_SECONDS = 30.0
RETRIES = 3


def conversation_of(
    timeout_seconds: float, retries: int, priority: Priority | None, headers: Mapping[str, str] | None
) -> Conversation:
    """The conversation of a client; raises `ValueError` for what makes no sense."""
    if not timeout_seconds > 0:
        raise ValueError(f"timeout: expected more than 0 seconds; received {timeout_seconds}")
    if retries < 0:
        raise ValueError(f"retries: expected 0 or more; received {retries}")
    if priority not in (None, *get_args(Priority)):
        raise ValueError(f"priority: expected {', '.join(get_args(Priority))} or None; received {priority!r}")
    own = {"Content-Type": "application/json", "User-Agent": "horngate"}
    if priority is not None:
        own["X-Priority"] = priority
    return Conversation(Delivery(retries, {**own, **(headers or {})}), timeout_seconds)


def base_url_of(url: str) -> httpx.URL:
    """The URL that paths are put behind; raises `ValueError` for one that is not of HTTP."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"url: expected something like http://127.0.0.1:8000; received {url!r}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError(f"url: expected something like http://127.0.0.1:8000; received {url!r}")
    return parsed
