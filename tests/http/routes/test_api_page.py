"""The page at /docs and the files of Swagger UI."""

import re

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_page_and_every_file_that_it_names_are_served(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
    assert len(named) == 4
    assert {name: (await client.get(f"/{name}")).status_code for name in named} == dict.fromkeys(named, 200)


async def test_the_page_asks_no_other_host(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert "//" not in page.text
    policy = page.headers["content-security-policy"]
    assert "http" not in policy
    assert "script-src 'self';" in policy


async def test_swagger_ui_is_sent_compressed_and_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/docs/swagger-ui-bundle.js", headers={"accept-encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert int(first.headers["content-length"]) < len(first.content) / 2
    again = await client.get("/docs/swagger-ui-bundle.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/docs/main.py", "/docs/__init__.py", "/docs/absent.js", "/redoc"])
async def test_there_is_nothing_else(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
