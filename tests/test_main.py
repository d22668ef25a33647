"""The one place where everything is put together."""

import subprocess
import sys
from pathlib import Path

import httpx

from app.main import create_app
from app.settings import Settings


def test_nothing_is_opened_before_the_lifespan_starts(tmp_path: Path) -> None:
    app = create_app(Settings(models_dir=tmp_path / "absent"))
    assert app.title == "Horngate"
    assert not (tmp_path / "absent").exists()


async def test_two_applications_share_nothing(tiny_models: Path, sum_of: object) -> None:
    first, second = (create_app(Settings(models_dir=tiny_models)) for _ in range(2))
    async with first.router.lifespan_context(first), second.router.lifespan_context(second):
        for app, times in ((first, 3), (second, 1)):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
                for _ in range(times):
                    await client.post("/predict/sentiment", json={"text": "good"})
                text = (await client.get("/metrics")).text
                assert sum_of(text, "horngate_requests_total", model="sentiment", code="200") == times


async def test_every_route_s_error_is_a_problem(tiny_models: Path) -> None:
    app = create_app(Settings(models_dir=tiny_models))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        for method, path, status in (
            ("DELETE", "/", 405),
            ("GET", "/no/such/route", 404),
            ("DELETE", "/models", 405),
            ("GET", "/predict/sentiment", 405),
            ("GET", "/models/none", 404),
            ("GET", "/models/sentiment/versions/x", 422),
            ("POST", "/predict/none", 404),
        ):
            response = await client.request(method, path)
            assert response.status_code == status
            assert response.headers["content-type"] == "application/problem+json", (method, path)
            assert response.json()["request_id"] == response.headers["x-request-id"]
        long = await client.get("/" + "x" * 5000)
        assert len(long.json()["detail"]) < 300
        assert (await client.get("/docs")).status_code == 200


def test_importing_the_application_starts_nothing() -> None:
    code = "import threading, app.main; raise SystemExit(threading.active_count() - 1)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
