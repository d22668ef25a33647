"""`Horngate` against a real server on a port."""

import io
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.client import (
    Classification,
    DeadlineExceeded,
    Horngate,
    NotFound,
    RequestRefused,
    ServerFailed,
    ServerUnreachable,
)

GOOD, BAD = "good film", "bad film"


def test_texts_pictures_and_tensors_are_asked_one_or_many(url: str, photo: Any, image_file: bytes) -> None:
    with Horngate(url) as client:
        one = client.sentiment(GOOD)
        assert (one.label, one.model, one.version) == ("positive", "sentiment", 1)
        assert one.timing.total >= one.timing.infer > 0
        assert one.origin.request_id
        assert [answer.label for answer in client.sentiment(("好", BAD))] == ["positive", "negative"]
        assert client.topic(["oil", "goal"], label=None)[1].label == "Sports"
        assert client.digit(image_file).digit == 1
        assert [answer.digit for answer in client.digit([photo, photo[:, ::-1]])] == [1, 7]
        rows = client.predict("adder", {"left": np.ones((2, 2)), "right": np.eye(2), "count": np.array([1, 2])})
        assert [row.outputs["tripled"] for row in rows] == [3, 6]


def test_every_form_of_a_picture_is_read_as_the_same_digit(
    url: str, photo: np.ndarray, image_file: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "one.png"
    path.write_bytes(image_file)
    palette = Image.fromarray(photo).convert("P")
    forms = [
        image_file, path, str(path), photo, photo / 255, np.dstack([photo] * 3), photo[..., np.newaxis],
        Image.open(io.BytesIO(image_file)), palette, photo > 128,
    ]  # fmt: skip
    with Horngate(url) as client:
        assert [client.digit(form).digit for form in forms] == [1] * len(forms)
        assert len({reading.probabilities for reading in client.digit(forms)}) == 1


def test_digits_of_28_by_28_are_taken_as_they_are(url: str) -> None:
    digits = np.zeros((2, 28, 28), np.uint8)
    digits[0, :, :14] = digits[1, :, 14:] = 255
    with Horngate(url) as client:
        assert client.digit(digits[0]).digit == 1
        assert [reading.digit for reading in client.digit(digits)] == [1, 7]
        assert [reading.digit for reading in client.digit(digits.reshape(2, 784) / 255)] == [1, 7]


def test_what_is_served_is_told(url: str) -> None:
    with Horngate(url) as client:
        assert client.models()[1].labels == {}
        assert client.model("adder").details[0].inputs[0].shape == (None, 2)
        assert {model.runtime for model in client.health().models} == {"onnx"}
        assert client.ready()


def test_errors_tell_what_the_server_says(url: str) -> None:
    with Horngate(url) as client:
        with pytest.raises(NotFound, match="version 9 of sentiment") as missing:
            client.sentiment(GOOD, version=9)
        assert (missing.value.status, missing.value.code) == (404, "model_not_found")
        with pytest.raises(RequestRefused) as refused:
            client.sentiment([GOOD, ""])
        assert refused.value.status == 422
        assert [fault.pointer for fault in refused.value.errors] == ["/texts/1"]
        with pytest.raises(RequestRefused, match="either") as both:
            client.sentiment(GOOD, version=1, label="stable")
        assert both.value.request_id


def test_map_gives_results_in_order_while_many_are_under_way(url: str) -> None:
    texts = [GOOD if number % 3 else BAD for number in range(50)]
    with Horngate(url) as client:
        labels = [answer.label for answer in client.map("sentiment", texts, batch=7, errors="raise")]
    assert labels == ["positive" if number % 3 else "negative" for number in range(50)]


def test_map_takes_rows_of_tensors_and_says_which_are_wrong(url: str) -> None:
    rows = [{"left": [n, n], "right": [1, 1], "count": n} for n in range(5)]
    rows[3] = {"left": [3], "right": [1, 1], "count": 3}
    rows[1] = {"left": [1, 1]}
    with Horngate(url) as client:
        found = list(client.map("adder", iter(rows)))
    assert [type(item).__name__ for item in found] == [
        "TensorRow", "RequestRefused", "TensorRow", "RequestRefused", "TensorRow"
    ]  # fmt: skip
    assert found[4].outputs["tripled"] == 12


def test_map_puts_a_broken_picture_into_its_place(url: str, image_file: bytes) -> None:
    with Horngate(url) as client:
        first, broken, missing, last = client.map("digit", [image_file, b"no image", "absent.png", image_file])
    assert (first.digit, last.digit) == (1, 1)
    assert broken.code == "body_malformed"
    assert "absent.png" in missing.detail


def test_map_may_be_left_halfway(url: str) -> None:
    with Horngate(url) as client:
        results = client.map("sentiment", iter([GOOD] * 1000), batch=2)
        assert isinstance(next(results), Classification)
        results.close()
        with pytest.raises(StopIteration):
            next(results)


def test_a_server_that_is_not_there_yet_is_waited_for(listener: Any, served_on: Any, url_of: Any) -> None:
    with ExitStack() as stack:
        bound = stack.enter_context(listener())
        waits = []

        def start(seconds: float) -> None:
            waits.append(seconds)
            stack.enter_context(served_on(bound))

        with Horngate(url_of(bound), sleep=start) as client:
            assert not client.ready()
            assert client.sentiment(GOOD).label == "positive"
        assert len(waits) == 1


def test_a_server_that_is_not_there_is_told(listener: Any, url_of: Any) -> None:
    with listener() as bound, Horngate(url_of(bound), retries=0) as client:
        with pytest.raises(ServerUnreachable, match="is the server running"):
            client.health()
        client.close()


class Stranger(threading.Thread):
    """Something else behind a port: answers each connection's request with these bytes, and closes it."""

    def __init__(self, bound: socket.socket, answers: list[bytes]) -> None:
        super().__init__()
        self._bound = bound
        self._answers = answers
        bound.listen()

    def run(self) -> None:
        for answer in self._answers:
            connection, _ = self._bound.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)


def http(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def test_an_answer_that_breaks_off_is_asked_for_again(listener: Any, url_of: Any) -> None:
    whole = http("200 OK", b'{"status": "ready", "models": [], "failures": []}')
    with listener() as bound:
        stranger = Stranger(bound, [b"", whole[:-10], whole])
        stranger.start()
        waits: list[float] = []
        with Horngate(url_of(bound), sleep=waits.append) as client:
            assert client.health().status == "ready"
        stranger.join(20)
    assert len(waits) == 2


def test_what_is_no_answer_of_horngate_is_told(listener: Any, url_of: Any) -> None:
    answers = [
        http("200 OK", b"<html>hello</html>"),
        http("502 Bad Gateway", b"<html>proxy</html>"),
        http("404 Not Found", b"[]"),
    ]
    with listener() as bound, Horngate(url_of(bound)) as client:
        stranger = Stranger(bound, answers)
        stranger.start()
        with pytest.raises(ServerFailed, match="is the URL right") as unreadable:
            client.sentiment(GOOD)
        with pytest.raises(ServerFailed, match="HTTP 502") as gateway:
            client.sentiment(GOOD)
        with pytest.raises(NotFound):
            client.sentiment(GOOD)
        stranger.join(20)
    assert (unreadable.value.code, gateway.value.code, gateway.value.status) == ("answer_unreadable", "http_error", 502)


def test_a_server_that_does_not_answer_is_left_at_the_deadline(listener: Any, url_of: Any) -> None:
    with listener() as bound:
        bound.listen()
        with Horngate(url_of(bound), timeout=0.2) as client, pytest.raises(DeadlineExceeded) as caught:
            client.sentiment(GOOD)
    assert caught.value.status is None
