"""The client as somebody installs and reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

import app.client

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "client.md"


def page() -> str:
    """The client's page in the documents."""
    return PAGE.read_text(encoding="utf-8")


def test_importing_it_loads_nothing_of_the_server(tmp_path: Path) -> None:
    code = "import app.client, sys; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, text=True, capture_output=True, timeout=60, check=True
    )
    loaded = ended.stdout.split()
    own = {name for name in loaded if name.startswith("app.")}
    assert all(name.startswith("app.client") for name in own)
    heavy = {"tensorflow", "keras", "numpy", "PIL", "pydantic", "fastapi", "starlette", "onnxruntime", "grpc"}
    assert not heavy.intersection(loaded)


ERRORS = [
    name
    for name in app.client.__all__
    if isinstance(kind := getattr(app.client, name), type) and issubclass(kind, app.client.HorngateError)
]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_on_its_page(name: str) -> None:
    assert f"`{name}`" in page()
