"""What a client is told when it is made."""

from typing import Any

import pytest

from app.client import AsyncHorngate, Horngate


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://host", "http://", "", "http://host:port"])
def test_a_url_that_is_none_of_http_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url: expected something like http"):
        Horngate(url)


@pytest.mark.parametrize(
    "options", [{"timeout": 0}, {"timeout": float("nan")}, {"retries": -1}, {"priority": "urgent"}], ids=str
)
@pytest.mark.parametrize("client", [Horngate, AsyncHorngate])
def test_what_makes_no_sense_is_refused_at_once(client: Any, options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        client("http://127.0.0.1:8000", **options)


@pytest.mark.parametrize("options", [{"batch": 0}, {"concurrency": 0}, {"errors": "ignore"}], ids=str)
def test_the_same_holds_for_map(options: dict[str, Any]) -> None:
    (name,) = options
    with Horngate("http://127.0.0.1:8000") as client, pytest.raises(ValueError, match=f"^{name}: expected"):
        client.map("sentiment", [], **options)
