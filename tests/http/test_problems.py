"""One table of statuses, one shape for every error."""

import json

import pytest

from app import errors
from app.errors import HorngateError
from app.http.problems import DESCRIPTIONS, STATUS, Problem, http_problem, internal_problem, problem, retry_headers


def subclasses(root: type[HorngateError]) -> set[type[HorngateError]]:
    return {root}.union(*(subclasses(child) for child in root.__subclasses__()))


def test_every_error_that_a_request_can_meet_has_a_status_and_a_description() -> None:
    only_at_start = {errors.SettingsInvalid, errors.ModelInvalid, errors.Retriable, HorngateError}
    ours = {error for error in subclasses(HorngateError) if error.__module__ == "app.errors"}
    assert ours - only_at_start == set(STATUS)
    assert set(STATUS.values()) == set(DESCRIPTIONS)


def test_a_problem_has_the_shape_of_rfc_9457_and_points_at_the_faults() -> None:
    response = problem(errors.InputInvalid.at("/text", "a string", "a number"), "r-1")
    assert response.status == 422
    assert (b"content-type", b"application/problem+json") in response.headers
    assert json.loads(response.content) == {
        "type": "urn:horngate:problem:input_invalid",
        "title": "The input is not valid",
        "status": 422,
        "detail": "/text: expected a string; received a number",
        "code": "input_invalid",
        "request_id": "r-1",
        "errors": [{"pointer": "/text", "expected": "a string", "received": "a number"}],
    }


def test_a_problem_without_faults_has_no_list_of_them() -> None:
    body = json.loads(problem(errors.ModelNotFound("no model is called 'x'"), "r-1").content)
    assert (body["status"], "errors" in body) == (404, False)


@pytest.mark.parametrize(("seconds", "header"), [(0.0, "1"), (0.2, "1"), (1.0, "1"), (2.1, "3")])
def test_retry_after_is_whole_seconds_and_never_zero(seconds: float, header: str) -> None:
    response = problem(errors.QueueFull("full", seconds), "r-1")
    assert (response.status, dict(response.headers)[b"retry-after"]) == (429, header.encode())


def test_an_error_without_a_status_of_its_own_is_internal() -> None:
    assert problem(errors.ModelInvalid("broken"), "r-1").status == 500


def test_errors_of_the_framework_have_codes_of_their_own() -> None:
    for status, code in ((404, "route_not_found"), (405, "method_not_allowed"), (418, "http_error")):
        body = json.loads(http_problem(status, "there is no tea", "r-1").content)
        assert (body["code"], body["status"], body["detail"]) == (code, status, "there is no tea")
    assert dict(http_problem(405, "no", "r-1", {"Allow": "GET"}).headers)[b"allow"] == b"GET"


def test_a_failure_of_our_own_tells_nothing_but_the_request_id() -> None:
    body = json.loads(internal_problem("r-1").content)
    assert (body["status"], body["code"]) == (500, "internal")
    assert body["detail"] == "the server failed; its log has the cause under request_id r-1"


def test_a_problem_is_written_as_its_schema_says() -> None:
    for rendered in (
        problem(errors.InputInvalid.at("/text", "a string", "a number"), "r-1"),
        problem(errors.QueueFull("full", 1.0), "r-1"),
        http_problem(404, "there is no tea", "r-1"),
        internal_problem("r-1"),
    ):
        written = json.loads(rendered.content)
        assert Problem.model_validate(written, strict=True).model_dump(exclude_none=True) == written


def test_only_what_may_be_tried_again_says_when() -> None:
    assert retry_headers(errors.QueueFull("full", retry_after_seconds=1.2)) == [(b"retry-after", b"2")]
    assert retry_headers(errors.DeadlineExceeded("late")) == []
