import os
import socket

import pytest

from app.cli.doctor.settings import check_ports, check_settings
from app.settings import Settings

pytestmark = pytest.mark.usefixtures("bare_environment")


def test_each_setting_is_told_with_its_source():
    assert check_settings()[1][0].found == "all have their defaults"
    os.environ["HORNGATE_PORT"] = "9000"
    settings, (finding,) = check_settings()
    assert (settings.port, finding.level) == (9000, "ok")
    assert finding.found == "from the environment: port 9000 (HORNGATE_PORT)"


@pytest.mark.parametrize(("name", "value"), [("HORNGATE_PROT", "1"), ("HORNGATE_PORT", "http")])
def test_a_wrong_setting_is_a_problem_and_the_defaults_stand_in(name, value):
    os.environ[name] = value
    settings, (finding,) = check_settings()
    assert (settings.port, finding.level) == (8000, "problem")
    assert "HORNGATE_PORT" in finding.found


def test_a_port_is_free_taken_or_any():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        http, grpc = check_ports(Settings(port=port, grpc_port=0))
    assert (http.level, grpc.level) == ("warning", "ok")
    assert f"horngate doctor --url http://127.0.0.1:{port}" in http.advice
    assert grpc.found == "gRPC: any free one will be taken"
    http, grpc = check_ports(Settings(port=port))
    assert (http.level, grpc.found) == ("ok", "gRPC: none is asked for")


@pytest.mark.parametrize("host", ["192.0.2.1", "256.0.0.1"])
def test_an_address_that_cannot_be_had_is_a_problem(host):
    http, _ = check_ports(Settings(host=host, port=8000))
    assert http.level == "problem"
    assert http.advice.startswith("choose another")
