"""What is asked before the load."""

import pytest

from app.bench.errors import BenchInvalid
from app.bench.probe import ask, choose_model
from app.bench.request import Body, Target

BODY = Body(b'{"text": "good"}', "application/json")


def test_the_first_model_and_its_example_are_taken_where_none_is_named(serve):
    target, example = choose_model(Target.parse(serve().url), None, 10)
    assert (target.path, example) == ("/predict/sentiment", {"text": "A wonderful film"})


def test_a_route_without_an_example_has_none(serve):
    assert choose_model(Target.parse(serve().url), "bare", 10)[1] is None


def test_an_unknown_model_is_named_with_those_that_there_are(serve):
    with pytest.raises(BenchInvalid, match=r"a model that http://127.* serves \(sentiment, bare\); received digit"):
        choose_model(Target.parse(serve().url), "digit", 10)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"{}", r"expected .*/openapi\.json; received 404; give the route's whole URL"),
        (200, b"<html>", r"expected JSON from .*/openapi\.json; received none"),
        (200, b"[]", r"expected an object from .*/openapi\.json"),
        (200, b'{"paths": {}}', r"expected a model that .* serves \(none\); received none"),
    ],
)
def test_a_server_without_our_document_is_named(serve, monkeypatch, status, body, message):
    server = serve()
    monkeypatch.setattr(server.script, "document", (status, body))
    with pytest.raises(BenchInvalid, match=message):
        choose_model(Target.parse(server.url), None, 10)


def test_the_first_answer_says_its_status_its_size_and_its_model(serve):
    server = serve(headers=("X-Extra: 1",))
    answer = ask(Target.parse(server.url + "/predict/sentiment"), BODY, [("X-API-Key", "k")], 10)
    assert (answer.status, answer.body_bytes, answer.model) == (200, 20, "sentiment/1")
    assert b"x-api-key: k" in server.script.heads[0].lower()
    assert server.script.bodies == [BODY.content]


def test_a_problem_gives_its_detail_and_anything_else_its_beginning(serve):
    problem = b'HTTP/1.1 422 X\r\nContent-Length: 24\r\n\r\n{"detail": "empty text"}'
    page = b"HTTP/1.1 500 X\r\nContent-Length: 12\r\n\r\n<h1>\nno</h1>"
    for raw, expected in ((problem, (422, "empty text")), (page, (500, "<h1> no</h1>"))):
        answer = ask(Target.parse(serve(raw=raw).url), BODY, [], 10)
        assert (answer.status, answer.detail) == expected


def test_a_server_that_is_not_there_is_named_with_what_to_do(serve):
    server = serve()
    server.stop()
    for look in (lambda target: ask(target, BODY, [], 10), lambda target: choose_model(target, None, 10)):
        with pytest.raises(BenchInvalid, match=r"no answer from http://127.*refused; start a server with `horngate"):
            look(Target.parse(server.url))
