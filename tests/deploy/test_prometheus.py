"""The scrape configuration and the alerts: no name in them that the server does not have."""

import re
import shutil
import subprocess

import pytest

from app.grpc import inference_service, prediction_service
from app.grpc.methods import route_of
from app.http.oip import infer
from app.http.predict import PATH
from app.http.tfs import naming
from app.observability.metrics import SECONDS
from app.settings import Settings

OF_PROMETHEUS = {"le", "job", "instance", "alertname", "alertstate"}
"""Labels that Prometheus sets, and that of a histogram's buckets."""

INFERENCE = (
    PATH,
    infer.PATH,
    infer.VERSIONED_PATH,
    *(
        naming.route_of({"method": method, **pinned})
        for method in ("predict", "classify", "regress")
        for pinned in ({}, {"version": "1"}, {"label": "stable"})
    ),
    *(route_of(inference_service.SERVICE, method) for method in ("ModelInfer", inference_service.STREAM)),
    *(route_of(prediction_service.SERVICE, method) for method in ("Predict", "Classify", "Regress", "MultiInference")),
)
"""The routes that run a model, over every protocol, as the metrics call them."""

PROBES = ("/health", "/health/ready", "/metrics", "/v2/health/live", "/v2/health/ready", "/v2/models/{model}/ready")
OTHERS = (
    "/models/{name}",
    "/v1/models/{model}",
    "/v2/models/{model}/stats",
    route_of(prediction_service.SERVICE, "GetModelMetadata"),
    "unmatched",
)

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")


@pytest.fixture(scope="module")
def by_name(alerts):
    """Each alert's rule."""
    return {rule["alert"]: rule for rule in alerts}


def test_every_metric_in_an_expression_is_one_of_the_servers(expressions, series):
    used = {name for expression in expressions for name in re.findall(r"\bhorngate_\w+", expression)}

    assert used <= set().union(*series.values())


def test_every_label_in_an_expression_is_one_of_the_servers(expressions, labels):
    selected = {name for expression in expressions for name in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression)}
    lists = {names for expression in expressions for names in re.findall(r"\bby \(([^)]*)\)", expression)}
    grouped = {name.strip() for names in lists for name in names.split(",")}

    assert {"model", "route", "code", "stage"} <= selected | grouped
    assert selected | grouped <= labels | OF_PROMETHEUS


def test_routes_in_expressions_match_those_of_the_server(expressions):
    wanted = {route for expression in expressions for route in re.findall(r'route=~"([^"]*)"', expression)}
    unwanted = {route for expression in expressions for route in re.findall(r'route!~"([^"]*)"', expression)}

    assert wanted
    assert all(re.fullmatch(pattern, path) for pattern in wanted for path in INFERENCE)
    assert not any(re.fullmatch(pattern, path) for pattern in wanted for path in (*PROBES, *OTHERS))
    assert not any(re.fullmatch(pattern, path) for pattern in unwanted for path in (*INFERENCE, *OTHERS))
    assert all(re.fullmatch(pattern, path) for pattern in unwanted for path in PROBES)


def test_prometheus_scrapes_the_service_where_compose_runs_it(prometheus, compose):
    jobs = {job["job_name"]: job["static_configs"][0]["targets"] for job in prometheus["scrape_configs"]}
    name, port = jobs["horngate"][0].split(":")

    assert name in compose["services"]
    assert int(port) == Settings.model_fields["port"].default


def test_alerts_select_the_job_that_prometheus_scrapes(expressions, prometheus):
    jobs = {job for expression in expressions for job in re.findall(r'job="([^"]*)"', expression)}

    assert jobs <= {job["job_name"] for job in prometheus["scrape_configs"]}


def test_every_rule_file_exists_beside_the_configuration(prometheus, root):
    assert all((root / "deploy/prometheus" / name).is_file() for name in prometheus["rule_files"])


def test_every_alert_says_what_is_wrong_and_where_to_look(alerts):
    assert all(set(rule["annotations"]) == {"summary", "description"} for rule in alerts)
    assert all("$labels.instance" in rule["annotations"]["summary"] for rule in alerts)
    assert {rule["labels"]["severity"] for rule in alerts} == {"critical", "warning"}


def test_every_alert_has_an_example(alerts, root):
    text = (root / "tests/deploy/alerts.test.yml").read_text()
    examples = re.findall(r"alertname: (\w+)\n\s+exp_alerts:", text)

    assert set(examples) == {rule["alert"] for rule in alerts}


def test_a_queue_is_filling_at_half_of_the_default_limit(by_name):
    threshold = int(by_name["HorngateQueueFilling"]["expr"].split(">")[1])

    assert threshold == Settings.model_fields["max_queue_rows"].default // 2


def test_the_threshold_of_slowness_is_a_bound_of_the_histogram(by_name):
    assert float(by_name["HorngateSlow"]["expr"].rpartition(">")[2]) in SECONDS


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "deploy/prometheus/prometheus.yml"),
        ("check", "rules", "deploy/prometheus/alerts.yml"),
        ("test", "rules", "tests/deploy/alerts.test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_finds_no_fault(arguments, root):
    done = subprocess.run(["promtool", *arguments], cwd=root, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
