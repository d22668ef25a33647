"""One table of statuses, one shape for every error."""

import json

import pytest

from app import errors
from app.errors import HorngateError
from app.http.problems import DESCRIPTIONS, STATUS, http_problem, internal_problem, problem


def subclasses(root: type[HorngateError]) -> set[type[HorngateError]]:
    return {root}.union(*(subclasses(child) for child in root.__subclasses__()))


def test_every_error_that_a_request_can_meet_has_a_status_and_a_description() -> None:
    only_at_start = {errors.SettingsInvalid, errors.ModelInvalid, errors.Retriable, HorngateError}
    ours = {error for error in subclasses(HorngateError) if error.__module__ == "app.errors"}
    assert ours - only_at_start == set(STATUS)
    assert set(STATUS.values()) == set(DESCRIPTIONS)


def test_a_problem_has_the_shape_of_rfc_9457_and_points_at_the_faults() -> None:
    response = problem(errors.InputInvalid.at("/text", "a string", "a number"), "r-1")
    assert response.status_code == 422
    assert response.media_type == "application/problem+json"
    assert json.loads(response.body) == {
        "type": "urn:horngate:problem:input_invalid",
        "title": "The input is not valid",
        "status": 422,
        "detail": "/text: expected a string; received a number",
        "code": "input_invalid",
        "request_id": "r-1",
        "errors": [{"pointer": "/text", "expected": "a string", "received": "a number"}],
    }


def test_a_problem_without_faults_has_no_list_of_them() -> None:
    body = json.loads(problem(errors.ModelNotFound("no model is called 'x'"), "r-1").body)
    assert (body["status"], "errors" in body) == (404, False)


@pytest.mark.parametrize(("seconds", "header"), [(0.0, "1"), (0.2, "1"), (1.0, "1"), (2.1, "3")])
def test_retry_after_is_whole_seconds_and_never_zero(seconds: float, header: str) -> None:
    response = problem(errors.QueueFull("full", seconds), "r-1")
    assert (response.status_code, response.headers["retry-after"]) == (429, header)


def test_an_error_without_a_status_of_its_own_is_internal() -> None:
    assert problem(errors.ModelInvalid("broken"), "r-1").status_code == 500


def test_errors_of_the_framework_have_codes_of_their_own() -> None:
    for status, code in ((404, "route_not_found"), (405, "method_not_allowed"), (418, "http_error")):
        body = json.loads(http_problem(status, "there is no tea", "r-1").body)
        assert (body["code"], body["status"], body["detail"]) == (code, status, "there is no tea")
    assert http_problem(405, "no", "r-1", {"Allow": "GET"}).headers["allow"] == "GET"


def test_a_failure_of_our_own_tells_nothing_but_the_request_id() -> None:
    body = json.loads(internal_problem("r-1").body)
    assert (body["status"], body["code"]) == (500, "internal")
    assert body["detail"] == "the server failed; its log has the cause under request_id r-1"
