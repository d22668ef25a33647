"""The plots of a model card: those that the manifest vouches for, and nothing else of the folder."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest

from app.repository.manifest import read_manifest, write_manifest

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def models(build_topic: Callable[..., Path], tmp_path: Path) -> Path:
    """A folder in which topic/1 has a plot, and another that came after its manifest was written."""
    folder = build_topic(tmp_path)
    (folder / "roc.svg").write_text(SVG)
    write_manifest(folder, read_manifest(folder).model_dump(exclude={"files"}, exclude_none=True))
    (folder / "later.svg").write_text(SVG)
    return tmp_path


async def test_a_plot_is_served_as_a_drawing_that_can_do_nothing(serving: Serving, models: Path) -> None:
    async with serving(models) as client:
        answer = await client.get("/models/topic/versions/1/plots/roc.svg")
    assert answer.status_code == 200
    assert answer.text == SVG
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("file", ["absent.svg", "later.svg", "model.onnx", "manifest.json", "..%2fmanifest.json"])
async def test_what_is_no_plot_of_the_manifest_is_a_problem(serving: Serving, models: Path, file: str) -> None:
    async with serving(models) as client:
        answer = await client.get(f"/models/topic/versions/1/plots/{file}")
        assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


@pytest.mark.parametrize("path", ["/models/none/versions/1", "/models/topic/versions/2"])
async def test_a_version_that_is_not_served_has_none(serving: Serving, models: Path, path: str) -> None:
    async with serving(models) as client:
        answer = await client.get(f"{path}/plots/roc.svg")
        assert (answer.status_code, answer.json()["code"]) == (404, "model_not_found")
