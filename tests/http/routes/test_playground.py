"""The page and its files as a browser gets them."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from app.http.routes.playground import FOLDER

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


async def test_the_page_stands_at_the_root(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.content == (FOLDER / "index.html").read_bytes()


async def test_every_file_that_the_page_names_is_served(client: httpx.AsyncClient) -> None:
    named = re.findall(r'(?:src|href)="(playground/[^"]+)"', (await client.get("/")).text)
    assert {name: (await client.get(f"/{name}")).status_code for name in named} == dict.fromkeys(named, 200)


async def test_nothing_inline_or_foreign_runs_in_the_page(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/")).headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"} <= set(policy)
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_page_that_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-security-policy" in again.headers


async def test_a_browser_that_takes_no_gzip_gets_the_page_as_it_is(client: httpx.AsyncClient) -> None:
    plain = await client.get("/", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    packed = await client.get("/", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert packed.content == plain.content


async def test_the_head_of_the_page_is_that_of_its_get(client: httpx.AsyncClient) -> None:
    head, get = await client.head("/"), await client.get("/")
    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("name", ["absent.js", "__init__.py", "..%2findex.html", "%2e%2e/index.html", "a/b.js"])
async def test_what_is_no_file_of_the_page_is_a_problem(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/playground/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "route_not_found"


async def test_the_page_cannot_be_posted_to(client: httpx.AsyncClient) -> None:
    answer = await client.post("/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_the_playground_can_be_switched_off(serving: Serving) -> None:
    async with serving(playground=False) as client:
        for path in ("/", "/playground/index.html"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
