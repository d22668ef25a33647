"""What the files of deploy/ say, and what the server really has."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from app.observability.metrics import Metrics

SERIES = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
}


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def dockerfile(root: Path) -> str:
    """The Dockerfile with continued lines joined and comments gone."""
    lines = [line for line in (root / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", " ")


@pytest.fixture(scope="session")
def compose(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docker-compose.yml").read_text())


@pytest.fixture(scope="session")
def prometheus(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "deploy/prometheus/prometheus.yml").read_text())


@pytest.fixture(scope="session")
def alerts(root: Path) -> list[dict[str, Any]]:
    groups = yaml.safe_load((root / "deploy/prometheus/alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture(scope="session")
def dashboard(root: Path) -> dict[str, Any]:
    return json.loads((root / "deploy/grafana/dashboards/horngate.json").read_text())


@pytest.fixture(scope="session")
def expressions(alerts: list[dict[str, Any]], dashboard: dict[str, Any]) -> list[str]:
    """Every PromQL expression of the alerts and the dashboard."""
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    variables = [variable["definition"] for variable in dashboard["templating"]["list"]]
    return [*(rule["expr"] for rule in alerts), *queries, *variables]


@pytest.fixture(scope="session")
def series() -> dict[str, set[str]]:
    """The names of the series that each of the server's metrics has, by the metric's name."""
    registry = Metrics(CollectorRegistry()).registry
    return {metric.name: {metric.name + suffix for suffix in SERIES[metric.type]} for metric in registry.collect()}


@pytest.fixture(scope="session")
def labels() -> set[str]:
    """The labels that the server's metrics have."""
    registry = Metrics(CollectorRegistry()).registry
    return {label for collector in registry._collector_to_names for label in getattr(collector, "_labelnames", ())}


@pytest.fixture(scope="session")
def mounts(compose: dict[str, Any]) -> dict[str, dict[str, Path]]:
    """By service: path in the container → path in the repository."""
    pattern = re.compile(r"\./([^:]+):([^:]+)")
    return {
        name: {match[2]: Path(match[1]) for volume in service["volumes"] if (match := pattern.match(volume))}
        for name, service in compose["services"].items()
    }
