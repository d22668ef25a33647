"""What is told of models: the states of all their versions, also of those that could not be loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_version_that_could_not_be_loaded_is_at_its_end_with_the_reason(
    serving: Callable, tmp_path: Path, build_digit: Callable
) -> None:
    build_digit(tmp_path)
    (tmp_path / "digit" / "2").mkdir()
    (tmp_path / "broken" / "1").mkdir(parents=True)
    async with serving(tmp_path) as client:
        failed, served = (await client.get("/v1/models/digit")).json()["model_version_status"]
        (broken,) = (await client.get("/v1/models/broken/versions/1")).json()["model_version_status"]
        metadata = await client.get("/v1/models/broken/metadata")
        missing = await client.get("/v1/models/digit/versions/9")
    assert (served["version"], served["state"]) == ("1", "AVAILABLE")
    for version, status in (("2", failed), ("1", broken)):
        assert (status["version"], status["state"]) == (version, "END")
        assert status["status"]["error_code"] == "UNKNOWN"
        assert status["status"]["error_message"]
    assert metadata.status_code == missing.status_code == 404


async def test_while_models_are_loaded_others_may_still_come(serving: Callable, registry_of: Callable) -> None:
    async with serving() as client:
        registry_of(client.app).is_loading = True
        response = await client.get("/v1/models/unknown")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json().keys() == {"error"}


async def test_a_failure_of_our_own_has_the_protocols_shape(
    serving: Callable, registry_of: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as client:
        registry_of(client.app).failures.append(None)
        response = await client.get("/v1/models/digit", headers={"X-Request-ID": "mine"})
    assert response.status_code == 500
    assert response.json() == {"error": "the server failed; its log has the cause under request_id mine"}
    assert "request failed" in caplog.text
