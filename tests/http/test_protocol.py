"""One connection: what is answered the short way, what the ordinary one, and that nobody can tell them apart."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio

from app.http.pacing import RefusalPacing

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = b'{"text": "good film"}'
ADDING = (
    b'{"inputs": [{"name": "left", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]},'
    b' {"name": "right", "datatype": "FP32", "shape": [1, 2], "data": [3, 4]},'
    b' {"name": "count", "datatype": "INT32", "shape": [1], "data": [5]}]}'
)
SERVING = b'{"instances": [{"left": [1, 2], "right": [3, 4], "count": 5}]}'
Connect = Callable[[Any], Any]


@pytest_asyncio.fixture(loop_scope="module")
async def wire(client: httpx.AsyncClient, wire_to: Connect) -> AsyncIterator[Any]:
    """A connection to the four tiny models."""
    wire = wire_to(client.app)
    yield wire
    wire.close()
    await asyncio.sleep(0)


async def test_a_small_prediction_is_answered_without_a_task(wire: Any) -> None:
    for _ in range(3):
        wire.written.clear()
        wire.send(wire.post("/predict/sentiment", BODY))
        assert not wire.state.tasks
        status, headers, body = await wire.answer()
        assert (status, body["label"]) == (200, "positive")
        assert headers["date"] == "today"
    assert wire.state.total_requests == 3


@pytest.mark.parametrize(
    ("path", "body", "answered"),
    [
        (
            "/v2/models/adder/infer",
            ADDING,
            ("outputs", [{"name": "sum", "datatype": "FP32", "shape": [1, 2], "data": [4, 6]}]),
        ),
        ("/v1/models/adder:predict", SERVING, ("predictions", [{"sum": [4, 6], "tripled": 15}])),
    ],
    ids=["v2", "v1"],
)
async def test_other_protocols_take_the_short_way_too_unless_something_is_compressed(
    wire: Any, path: str, body: bytes, answered: tuple[str, list[Any]]
) -> None:
    key, expected = answered
    wire.send(wire.post(path, body))
    assert not wire.state.tasks
    status, _, content = await wire.answer()
    assert status == 200
    assert content[key][: len(expected)] == expected
    wire.written.clear()
    wire.send(wire.post(path, gzip.compress(body), "Content-Encoding: gzip"))
    assert wire.state.tasks
    assert (await wire.answer())[2] == content


async def test_a_head_of_binary_tensors_that_comes_again_is_remembered(client: httpx.AsyncClient, wire: Any) -> None:
    declared = [
        {"name": name, "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": size}}
        for name, datatype, shape, size in (
            ("left", "FP32", [1, 2], 8),
            ("right", "FP32", [1, 2], 8),
            ("count", "INT32", [1], 4),
        )
    ]
    head = json.dumps({"inputs": declared, "outputs": [{"name": "tripled"}]}).encode()
    for count in (5, 7):
        wire.written.clear()
        body = head + np.ones(4, np.float32).tobytes() + np.array([count], np.int32).tobytes()
        request = wire.post("/v2/models/adder/infer", body, f"Inference-Header-Content-Length: {len(head)}")
        wire.send(request)
        assert (await wire.answer())[2]["outputs"][0]["data"] == [3 * count]
        assert client.app.fast_path.recall(request)[1] == body


async def test_both_ways_give_the_same_answer(client: httpx.AsyncClient, wire: Any) -> None:
    for path, body in (
        ("/predict/sentiment", BODY),
        ("/predict/sentiment?version=1", BODY),
        ("/predict/topic", b'{"texts": ["oil", "goal"]}'),
        ("/predict/digit", json.dumps({"pixels": [0.5] * 784}).encode()),
        ("/predict/adder", b'{"inputs": {"left": [[1, 2]], "right": [[3, 4]], "count": [5]}}'),
        ("/predict/sentiment", b'{"text": ""}'),
        ("/predict/sentiment", b"{"),
        ("/predict/sentiment?version=9", BODY),
        ("/predict/sentiment?version=x", BODY),
        ("/predict/nobody", BODY),
        ("/v2/models/adder/infer", ADDING),
        ("/v2/models/adder/versions/1/infer", ADDING),
        ("/v2/models/adder/infer", ADDING.replace(b"left", b"lift")),
        ("/v2/models/adder/infer", b'{"id": "mine", "inputs": []}'),
        ("/v2/models/adder/versions/9/infer", ADDING),
        ("/v1/models/adder:predict", SERVING),
        ("/v1/models/adder/versions/1:predict", SERVING),
        ("/v1/models/adder:predict", b'{"instances": 1, "inputs": 1}'),
        ("/v1/models/adder:classify", SERVING),
        ("/v1/models/nobody:predict", SERVING),
    ):
        wire.written.clear()
        wire.send(wire.post(path, body, "X-Request-ID: r-1"))
        assert not wire.state.tasks
        status, headers, content = await wire.answer()
        other = await client.post(
            path, content=body, headers={"X-Request-ID": "r-1", "Content-Type": "application/json"}
        )
        assert (status, content) == (other.status_code, other.json())
        assert headers.keys() - {"date"} == dict(other.headers).keys()
        same = headers.keys() - {"date", "server-timing"}
        assert {name: headers[name] for name in same} == {name: other.headers[name] for name in same}


async def test_a_request_in_pieces_gets_the_same_answer_wherever_it_is_cut(wire: Any) -> None:
    request = wire.post("/predict/sentiment", BODY)
    for cut in range(1, len(request)):
        wire.written.clear()
        wire.send(request[:cut], request[cut:])
        assert (await wire.answer())[2]["label"] == "positive"


async def test_requests_that_come_at_once_are_answered_in_order(wire: Any) -> None:
    bodies = [b'{"text": "good"}', b'{"text": "bad bad"}', b"{", b'{"text": "good film"}']
    wire.send(b"".join(wire.post("/predict/sentiment", body) for body in bodies))
    answers = [(status, json.loads(body).get("label")) for status, _, body in await wire.answers(4)]
    assert answers == [(200, "positive"), (200, "negative"), (400, None), (200, "positive")]
    assert not wire.is_paused
    wire.written.clear()
    wire.state.tasks.clear()
    wire.send(wire.post("/predict/sentiment", BODY))
    assert not wire.state.tasks
    await wire.answer()


async def test_a_head_that_comes_again_is_remembered_and_means_the_same_with_another_body(
    client: httpx.AsyncClient, wire: Any
) -> None:
    for body, label in (
        (b'{"text": "good"}', "positive"),
        (b'{"text": "evil"}', None),
        (b'{"text": "bad!"}', "negative"),
    ):
        wire.written.clear()
        request = wire.post("/predict/sentiment", body, "User-Agent: test")
        wire.send(request)
        answer = (await wire.answer())[2]
        assert label is None or answer["label"] == label
        assert client.app.fast_path.recall(request)[1] == body
    wire.written.clear()
    wire.send(request + b"G")  # more than the one request: the parser looks at it
    assert (await wire.answer())[2]["label"] == "negative"


async def test_a_head_that_is_never_the_same_is_not_remembered(client: httpx.AsyncClient, wire: Any) -> None:
    request = wire.post("/predict/sentiment", BODY, "Traceparent: 00-1-1-00")
    wire.send(request)
    await wire.answer()
    assert client.app.fast_path.recall(request) is None


async def test_a_request_that_ends_the_connection_is_answered_first(wire: Any) -> None:
    wire.send(wire.post("/predict/sentiment", BODY, "Connection: close"))
    status, headers, _ = await wire.answer()
    assert (status, headers["connection"]) == (200, "close")
    assert wire.is_closing()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /predict/sentiment HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n" + BODY,
        b"POST /predict/sentimen%74 HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n" + BODY,
        b"POST http://h/predict/sentiment HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
        + BODY,
    ],
    ids=["http-1.0", "escaped", "absolute"],
)
async def test_what_is_unusual_goes_the_ordinary_way(wire: Any, request_bytes: bytes) -> None:
    wire.send(request_bytes)
    assert wire.state.tasks
    assert (await wire.answers(1))[0][0] == 200


async def test_the_wish_for_another_protocol_is_ignored_and_the_request_answered(wire: Any) -> None:
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")
    for cut in (0, 40):
        wire.written.clear()
        request = wire.post("/predict/sentiment", BODY, *upgrade)
        wire.send(*filter(None, (request[:cut], request[cut:])))
        assert (await wire.answer())[2]["label"] == "positive"


async def test_a_body_in_chunks_is_one_body(wire: Any) -> None:
    head = b"POST /predict/sentiment HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    wire.send(head + b"a\r\n" + BODY[:10] + b"\r\nb\r\n" + BODY[10:] + b"\r\n0\r\n\r\n")
    assert (await wire.answer())[2]["label"] == "positive"


async def test_a_client_that_waits_to_be_told_to_go_on_is_told(wire: Any) -> None:
    request = wire.post("/predict/sentiment", BODY, "Expect: 100-continue")
    wire.send(request[: -len(BODY)])
    assert await wire.informed() == b"HTTP/1.1 100 Continue"
    wire.written.clear()
    wire.send(BODY)
    assert (await wire.answer())[2]["label"] == "positive"


async def test_what_may_take_long_goes_the_ordinary_way(wire: Any, picture: Callable[..., bytes]) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="d.png"\r\n\r\n' + picture() + b"\r\n--b--\r\n"
    )
    long = json.dumps({"texts": ["good film " * 10] * 1000}).encode()
    for request in (
        wire.post("/predict/sentiment", long),
        wire.post("/predict/digit", form, content_type="multipart/form-data; boundary=b"),
        wire.post("/predict/digit", picture("BMP"), content_type="image/bmp"),
    ):
        wire.written.clear()
        wire.send(request)
        assert wire.state.tasks
        assert (await wire.answers(1))[0][0] == 200


async def test_what_is_no_http_is_refused_and_the_connection_closed(wire: Any) -> None:
    wire.send(b"\x16\x03\x01\r\n\r\n")
    assert wire.written.startswith(b"HTTP/1.1 400 ")
    assert wire.is_closing()


async def test_a_client_that_does_not_read_is_written_to_the_ordinary_way(wire: Any) -> None:
    wire.protocol.pause_writing()
    wire.send(wire.post("/predict/sentiment", BODY))
    assert wire.state.tasks
    wire.protocol.resume_writing()
    assert (await wire.answer())[0] == 200


async def test_a_failure_of_our_own_is_a_problem_and_in_the_log(
    serving: Callable[..., Any], wire_to: Connect, caplog: pytest.LogCaptureFixture, registry_of: Callable[..., Any]
) -> None:
    async with serving() as client:
        model = registry_of(client.app).resolve("sentiment")
        model.task.postprocess = lambda outputs: 1 / 0
        wire = wire_to(client.app)
        wire.send(wire.post("/predict/sentiment", BODY, "X-Request-ID: r-9"))
        status, _, body = await wire.answer()
    assert (status, body["code"], body["request_id"]) == (500, "internal", "r-9")
    assert "ZeroDivisionError" in caplog.text


async def test_a_server_on_its_way_out_lets_a_request_finish_and_closes_its_connection(
    serving: Callable[..., Any], wire_to: Connect, held: Any
) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        busy, idle = wire_to(client.app), wire_to(client.app)
        busy.send(busy.post("/predict/held", b'{"inputs": [1]}'))
        for wire in (busy, idle):
            wire.protocol.shutdown()
        assert (busy.is_closing(), idle.is_closing()) == (False, True)
        held.release.set()
        status, headers, _ = await busy.answer()
        assert (status, headers["connection"]) == (200, "close")
        assert busy.is_closing()


async def test_a_request_that_outlasts_every_grace_is_told_so(
    serving: Callable[..., Any], wire_to: Connect, held: Any
) -> None:
    async with serving(drain_seconds=0) as client:
        model = held.serve_in(client.app)
        wire = wire_to(client.app)
        wire.send(wire.post("/predict/held", b'{"inputs": [1]}'))
        await model.batcher.drain(0)
        status, headers, body = await wire.answer()
        assert (status, body["code"], headers["retry-after"]) == (503, "not_ready", "1")
        held.release.set()


async def test_who_leaves_is_counted_so_and_its_rows_do_not_run(
    serving: Callable[..., Any], wire_to: Connect, held: Any, sum_of: Callable[..., float]
) -> None:
    async with serving() as client:
        model = held.serve_in(client.app)
        wires = [wire_to(client.app) for _ in range(3)]
        for number, wire in enumerate(wires):
            wire.send(wire.post("/predict/held", b'{"inputs": [%d]}' % number))
        await asyncio.to_thread(held.started.wait)
        wires[1].protocol.connection_lost(ConnectionResetError())
        assert model.batcher.queued_rows == 1
        held.release.set()
        assert [(await wires[number].answer())[0] for number in (0, 2)] == [200, 200]
        assert held.seen == [[0.0], [2.0]]
        text = (await client.get("/metrics")).text
        assert sum_of(text, "horngate_requests_total", model="held", code="499") == 1
        assert sum_of(text, "horngate_requests_total", model="held", code="200") == 2


async def test_a_priority_and_a_deadline_are_the_callers_to_say(
    serving: Callable[..., Any], wire_to: Connect, held: Any
) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        first, low, high, late = (wire_to(client.app) for _ in range(4))
        first.send(first.post("/predict/held", b'{"inputs": [0]}'))
        await asyncio.to_thread(held.started.wait)
        low.send(low.post("/predict/held", b'{"inputs": [1]}', "X-Priority: low"))
        late.send(late.post("/predict/held", b'{"inputs": [3]}', "X-Request-Timeout-Ms: 1"))
        high.send(high.post("/predict/held", b'{"inputs": [2]}', "X-Priority: HIGH"))
        status, _, body = await late.answer()
        assert (status, body["code"]) == (504, "deadline_exceeded")
        assert "in the queue" in body["detail"]
        held.release.set()
        await low.answer()
        assert held.seen == [[0.0], [2.0], [1.0]]


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ("X-Priority: urgent", "expected high, normal, low in X-Priority; received 'urgent'"),
        ("X-Request-Timeout-Ms: soon", "expected a positive whole number in X-Request-Timeout-Ms; received 'soon'"),
    ],
)
async def test_a_wish_that_cannot_be_understood_is_refused(wire: Any, header: str, detail: str) -> None:
    wire.send(wire.post("/predict/sentiment", BODY, header))
    status, _, body = await wire.answer()
    assert (status, body["detail"]) == (422, detail)


async def test_refusals_beyond_what_the_server_can_spare_wait_a_moment(
    serving: Callable[..., Any], wire_to: Connect, held: Any, sum_of: Callable[..., float]
) -> None:
    async with serving() as client:
        held.serve_in(client.app, max_queue_rows=1)
        client.app.fast_path.pacing = pacing = RefusalPacing(clock=lambda: 0.0)
        running, waiting, prompt, patient, leaving = (wire_to(client.app) for _ in range(5))
        running.send(running.post("/predict/held", b'{"inputs": [0]}'))
        await asyncio.to_thread(held.started.wait)
        waiting.send(waiting.post("/predict/held", b'{"inputs": [1]}'))
        prompt.send(prompt.post("/predict/held", b'{"inputs": [2]}'))
        assert prompt.written
        while not pacing.delay_seconds():
            pass
        for wire in (patient, leaving):
            wire.send(wire.post("/predict/held", b'{"inputs": [3]}'))
            assert not wire.written
        leaving.protocol.connection_lost(ConnectionResetError())
        status, headers, body = await patient.answer()
        assert (status, headers["retry-after"], body["code"]) == (429, "1", "queue_full")
        assert not leaving.written
        held.release.set()
        assert [(await wire.answer())[0] for wire in (running, waiting)] == [200, 200]
        text = (await client.get("/metrics")).text
        assert sum_of(text, "horngate_requests_total", model="held", code="429") == 2
        assert sum_of(text, "horngate_requests_total", model="held", code="499") == 1
