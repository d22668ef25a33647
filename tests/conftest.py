"""What every test may use: the fixtures of tests/fixtures, one theme to a module, and the few that have no theme."""

import gzip
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

pytest_plugins = [
    "tests.fixtures.batching",
    "tests.fixtures.models",
    "tests.fixtures.processes",
    "tests.fixtures.saved_model",
    "tests.fixtures.serving",
]


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    """What a test does to the root logger ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file below the test's folder, of text (UTF-8) or bytes; packed where its name ends in .gz."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return path

    return write


@pytest.fixture
def lines_of() -> Callable[[str], list[dict[str, object]]]:
    """JSON lines as objects."""
    return lambda text: [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.fixture(scope="session")
def sum_of() -> Callable[..., float]:
    """The sum of a metric's samples that have these labels, from the text that Prometheus scrapes."""

    def add(text: str, name: str, **labels: str) -> float:
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(
            sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items()
        )

    return add
