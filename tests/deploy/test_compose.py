"""The composition: what is mounted exists, the service is confined, and it has time to stop."""

import re

import pytest

from app.server import GRACE_SECONDS
from app.settings import PREFIX, Settings


@pytest.fixture(scope="module")
def service(compose):
    """The service itself, as `docker compose up` starts it."""
    return compose["services"]["horngate"]


def test_every_file_that_is_mounted_exists(mounts, root):
    assert all((root / source).exists() for paths in mounts.values() for source in paths.values())
    assert {source.as_posix() for paths in mounts.values() for source in paths.values()} == {
        "models",
        "deploy/prometheus",
        "deploy/grafana/provisioning",
        "deploy/grafana/dashboards",
    }


def test_every_mount_from_the_repository_is_read_only(compose):
    volumes = [volume for service in compose["services"].values() for volume in service["volumes"]]

    assert all(volume.endswith(":ro") for volume in volumes if volume.startswith("./"))


def test_every_named_volume_is_declared(compose):
    volumes = [volume for service in compose["services"].values() for volume in service["volumes"]]

    assert {volume.partition(":")[0] for volume in volumes if not volume.startswith("./")} == set(compose["volumes"])


def test_the_service_is_built_from_the_slim_target_unless_another_is_named(service, dockerfile):
    assert service["build"] == {"context": ".", "target": "${TARGET:-slim}"}
    assert " AS slim\n" in dockerfile


def test_the_models_are_mounted_where_the_image_looks_for_them(mounts, dockerfile):
    assert f"HORNGATE_MODELS_DIR={next(iter(mounts['horngate']))}" in dockerfile


def test_the_service_can_neither_write_nor_gain_rights(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"][0].startswith("/tmp:")


def test_every_container_has_a_memory_limit_and_loses_its_capabilities(compose):
    assert all({"mem_limit", "cap_drop", "security_opt", "logging"} <= set(one) for one in compose["services"].values())


def test_the_service_has_longer_to_stop_than_its_drains_may_take(service):
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    longest = defaults["drain_delay_seconds"] + 2 * defaults["drain_seconds"] + GRACE_SECONDS

    assert int(service["stop_grace_period"].removesuffix("s")) >= longest


def test_every_variable_of_ours_is_a_setting(compose):
    environments = [service.get("environment", {}) for service in compose["services"].values()]
    names = {name for environment in environments for name in environment if name.startswith(PREFIX)}

    assert names
    assert names <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_service_listens_at_the_ports_that_are_published(service):
    http, grpc = Settings.model_fields["port"].default, service["environment"]["HORNGATE_GRPC_PORT"]

    assert service["ports"] == [
        f"${{ADDRESS:-127.0.0.1}}:${{PORT:-8000}}:{http}",
        f"${{ADDRESS:-127.0.0.1}}:${{GRPC_PORT:-8001}}:{grpc}",
    ]


def test_the_port_for_grpc_is_one_that_the_image_exposes(service, dockerfile):
    assert f"EXPOSE 8000 {service['environment']['HORNGATE_GRPC_PORT']}" in dockerfile


def test_nothing_is_published_beyond_this_machine_unasked(compose):
    ports = [port for service in compose["services"].values() for port in service["ports"]]

    assert all(re.match(r"127\.0\.0\.1:|\$\{ADDRESS:-127\.0\.0\.1\}:", port) for port in ports)


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_images_are_pinned_to_a_release(compose, name):
    assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", compose["services"][name]["image"])


def test_grafana_opens_with_the_dashboard_and_has_no_account(compose, mounts, root):
    environment = compose["services"]["grafana"]["environment"]
    folder, _, file = environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].rpartition("/")

    assert (root / mounts["grafana"][folder] / file).is_file()
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
