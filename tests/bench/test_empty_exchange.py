"""The application that does nothing."""

import httpx

from app.bench.empty_exchange import EmptyApplication


async def test_it_reads_any_body_and_answers_with_so_many_bytes():
    transport = httpx.ASGITransport(EmptyApplication(123))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/predict/anything", content=b"x" * 100_000)
    assert (answer.status_code, answer.headers["content-length"], len(answer.content)) == (200, "123", 123)
