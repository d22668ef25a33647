"""Lines of requests are gathered and written in order, in the form of the other lines."""

import asyncio
import json
import os
import re
from collections.abc import Iterator

import pytest

from app.observability import access_log
from app.observability.access_log import AccessLog, Entry


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """A pipe: what is written to the second end can be read from the first."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def read(descriptor: int) -> list[dict[str, object]]:
    try:
        return [json.loads(line) for line in os.read(descriptor, 1 << 16).splitlines()]
    except BlockingIOError:
        return []


async def test_a_line_has_the_form_of_the_others(ends: tuple[int, int]) -> None:
    log = AccessLog(ends[1])
    log.write(Entry("r-1", "POST", "/predict/{model}", 200, 0.0012344, "digit/1"))
    log.flush()
    (line,) = read(ends[0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("time")))
    assert line == {
        "level": "info",
        "logger": "app.access",
        "message": "request",
        "request_id": "r-1",
        "method": "POST",
        "route": "/predict/{model}",
        "status": 200,
        "milliseconds": 1.234,
        "model": "digit/1",
    }


async def test_a_request_that_reached_no_model_names_none(ends: tuple[int, int]) -> None:
    log = AccessLog(ends[1])
    log.write(Entry("r-1", "GET", "unmatched", 404, 0.0))
    log.flush()
    assert "model" not in read(ends[0])[0]


@pytest.mark.parametrize("text", ['"', "\\", '","status":500,"x":"', "\n"])
async def test_what_a_client_wrote_cannot_break_out_of_its_string(ends: tuple[int, int], text: str) -> None:
    log = AccessLog(ends[1])
    log.write(Entry(text, text, text, 404, 0.0, text))
    log.flush()
    (line,) = read(ends[0])
    assert [line[name] for name in ("request_id", "method", "route", "model")] == [text] * 4
    assert line["status"] == 404


async def test_lines_wait_for_each_other_and_come_in_order(
    ends: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "FLUSH_SECONDS", 0.0)
    log = AccessLog(ends[1])
    for number in range(3):
        log.write(Entry("r", "GET", "/", number, 0.0))
    assert read(ends[0]) == []
    written = asyncio.Event()
    asyncio.get_running_loop().add_reader(ends[0], written.set)
    await asyncio.wait_for(written.wait(), 30)
    asyncio.get_running_loop().remove_reader(ends[0])
    assert [line["status"] for line in read(ends[0])] == [0, 1, 2]


async def test_so_many_lines_wait_and_no_more(ends: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "FLUSH_LINES", 3)
    log = AccessLog(ends[1])
    for number in range(4):
        log.write(Entry("r", "GET", "/", number, 0.0))
    assert [line["status"] for line in read(ends[0])] == [0, 1, 2]
    log.flush()
    log.flush()
    assert [line["status"] for line in read(ends[0])] == [3]
