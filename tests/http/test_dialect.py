"""Errors in the shape of other protocols."""

import json

from app import errors
from app.http.dialect import STATUS, error_object
from app.http.problems import STATUS as PROBLEM_STATUS


def test_what_the_client_can_mend_is_400_and_everything_else_as_on_our_own_routes() -> None:
    assert {error: status for error, status in STATUS.items() if PROBLEM_STATUS[error] != status} == {
        errors.InputInvalid: 400
    }


def test_an_error_is_an_object_with_one_key_whatever_its_text() -> None:
    rendered = error_object(404, "no \udcff", [(b"x-a", b"b")])
    assert rendered.status == 404
    assert json.loads(rendered.content) == {"error": "no \\udcff"}
    assert dict(rendered.headers) == {
        b"content-type": b"application/json",
        b"content-length": str(len(rendered.content)).encode(),
        b"x-a": b"b",
    }
