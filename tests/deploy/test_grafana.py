"""The dashboard and its provisioning: every metric is shown, every query goes to the data source that is there."""

import itertools
import json
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def source(root):
    """The provisioned data source."""
    [source] = yaml.safe_load((root / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    return source


@pytest.fixture(scope="module")
def panels(dashboard):
    """The panels that draw something."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def _cells(panel: dict) -> set[tuple[int, int]]:
    place = panel["gridPos"]
    columns = range(place["x"], place["x"] + place["w"])
    return set(itertools.product(columns, range(place["y"], place["y"] + place["h"])))


def test_every_metric_of_the_server_is_shown(panels, series):
    text = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    hidden = [name for name, names in series.items() if not any(one in text for one in names)]

    assert not hidden


def test_every_query_goes_to_the_provisioned_source(panels, dashboard, source):
    expected = {"type": source["type"], "uid": source["uid"]}
    asking = [*panels, *(target for panel in panels for target in panel["targets"]), *dashboard["templating"]["list"]]

    assert all(one["datasource"] == expected for one in asking)


def test_the_source_asks_prometheus_where_compose_runs_it(source, compose):
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in compose["services"]


def test_the_source_knows_how_often_prometheus_scrapes(source, prometheus):
    assert source["jsonData"]["timeInterval"] == prometheus["global"]["scrape_interval"]


def test_the_provider_reads_the_folder_that_compose_mounts(root, mounts):
    file = root / "deploy/grafana/provisioning/dashboards/horngate.yml"
    [provider] = yaml.safe_load(file.read_text())["providers"]

    assert mounts["grafana"][provider["options"]["path"]] == Path("deploy/grafana/dashboards")
    assert provider["type"] == "file"


def test_provisioning_lies_where_grafana_looks_for_it(mounts):
    assert mounts["grafana"]["/etc/grafana/provisioning"] == Path("deploy/grafana/provisioning")


def test_the_dashboard_can_be_narrowed_to_models(dashboard, panels):
    [variable] = dashboard["templating"]["list"]
    narrowed = [target for panel in panels for target in panel["targets"] if "$model" in target["expr"]]

    assert variable["name"] == "model"
    assert variable["includeAll"]
    assert len(narrowed) >= 10


def test_times_are_shown_in_seconds(panels):
    timed = [panel for panel in panels if "_seconds_" in panel["targets"][0]["expr"]]

    assert len(timed) >= 5
    assert {panel["fieldConfig"]["defaults"]["unit"] for panel in timed} == {"s"}


def test_every_panel_says_what_it_shows(panels):
    assert all(panel["title"] and panel["description"].endswith(".") for panel in panels)


def test_no_two_panels_share_a_number_or_a_place(dashboard):
    numbers = [panel["id"] for panel in dashboard["panels"]]
    cells = [cell for panel in dashboard["panels"] for cell in _cells(panel)]

    assert len(set(numbers)) == len(numbers)
    assert len(set(cells)) == len(cells)
    assert max(column for column, _ in cells) < 24


def test_the_file_is_formatted_so_that_a_change_is_a_small_difference(root, dashboard):
    text = (root / "deploy/grafana/dashboards/horngate.json").read_text()

    assert text == json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"
