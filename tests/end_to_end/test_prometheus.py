"""A real Prometheus scrapes the running service and answers for all of its workers."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

Eventually = Callable[..., Any]

CONFIGURATION = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: horngate
    static_configs:
      - targets: ["{address}"]
"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., AbstractContextManager[Any]], tiny_models: Path) -> Iterator[Any]:
    """Two workers over the tiny models."""
    with serve(tiny_models) as server:
        yield server


def program(name: str) -> str:
    """Where the program stands; skips the test where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian's package `prometheus` has it)")
    return path


@pytest.fixture
def prometheus(server: Any, tmp_path: Path, eventually: Eventually) -> Iterator[str]:
    """The URL of a Prometheus that scrapes the server every second."""
    host, port = server.address
    (tmp_path / "prometheus.yml").write_text(CONFIGURATION.format(address=f"{host}:{port}"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        program("prometheus"),
        f"--config.file={tmp_path / 'prometheus.yml'}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={address}",
    ]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            eventually(lambda: answers(f"http://{address}/-/ready"))
            yield f"http://{address}"
        finally:
            process.kill()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def test_prometheus_scrapes_the_service_and_answers_with_the_sum_over_its_workers(
    server: Any, prometheus: str, eventually: Eventually
) -> None:
    for _ in range(40):
        assert server.post("/predict/sentiment", json={"text": "good film"}).status_code == 200
    for _ in range(2):
        assert server.post("/predict/sentiment", json={}).status_code == 422

    def value(query: str) -> float | None:
        result = httpx.get(f"{prometheus}/api/v1/query", params={"query": query}, timeout=30).json()["data"]["result"]
        return float(result[0]["value"][1]) if result else None

    total = 'sum by (code) (horngate_requests_total{job="horngate",model="sentiment",code="%s"})'
    eventually(lambda: value(total % 200) == 40)
    eventually(lambda: value(total % 422) == 2)
    assert value('up{job="horngate"}') == 1
    assert value("horngate_ready") == 1
    assert value('count(horngate_model_info{runtime="onnx"})') == 4
    assert value('horngate_request_seconds_count{route="/predict/{model}"}') == 42
    assert 0 < value('histogram_quantile(0.99, horngate_stage_seconds_bucket{model="sentiment",stage="infer"})') < 10


def test_promtool_finds_nothing_to_mend(server: Any) -> None:
    text = server.get("/metrics").content
    checked = subprocess.run(
        [program("promtool"), "check", "metrics"], input=text, capture_output=True, timeout=60, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
