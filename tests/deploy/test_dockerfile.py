"""The image: its targets, its user, its command, its health check."""

import fnmatch
import json
import re
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.settings import PREFIX, Settings


@pytest.fixture(scope="module")
def stages(dockerfile: str) -> dict[str, str]:
    """The Dockerfile's stages by name, in their order."""
    return dict(re.findall(r"^FROM \S+ AS (\S+)\n(.*?)(?=^FROM |\Z)", dockerfile, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def probe(dockerfile: str) -> list[str]:
    """The health check's command."""
    return json.loads(re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])


@pytest.fixture
def answering() -> Iterator[HTTPServer]:
    """A server that answers `GET /health/ready` with its attribute `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(self.server.status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _ask(probe: list[str], port: int) -> int:
    command = [sys.executable, *probe[1:]]
    environment = {"HORNGATE_PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(command, env=environment, check=False, capture_output=True).returncode


def test_slim_and_full_are_targets_and_slim_is_the_default(stages):
    assert list(stages)[-2:] == ["full", "slim"]


def test_every_stage_starts_from_one_pinned_python_or_an_earlier_stage(dockerfile):
    bases = re.findall(r"^FROM (\S+) AS \S+$", dockerfile, re.MULTILINE)
    names = re.findall(r"^FROM \S+ AS (\S+)$", dockerfile, re.MULTILINE)
    outside = {base for place, base in enumerate(bases) if base not in names[:place]}

    assert outside == {"python:3.11-slim-bookworm"}


def test_the_final_stages_hold_nothing_but_the_environment_and_the_models(stages):
    copied = [
        line for name in ("runtime", "full", "slim") for line in re.findall(r"^COPY .*", stages[name], re.MULTILINE)
    ]

    assert [line.split()[-1] for line in copied] == ["/srv/models", "/opt/horngate", "/opt/horngate"]
    assert all(line.startswith("COPY --from=") for line in copied)
    assert not re.search(r"^RUN", stages["full"] + stages["slim"], re.MULTILINE)


def test_only_full_installs_tensorflow(stages):
    with_tensorflow = [name for name, body in stages.items() if "tensorflow" in body]

    assert with_tensorflow == ["packages-full"]
    assert "packages-full" not in stages["venv-slim"] + stages["slim"]


def test_every_installed_version_is_constrained(dockerfile):
    installs = re.findall(r"pip install [^&\n]*", dockerfile)

    assert installs
    assert all("--constraint constraints.txt" in line or "--no-deps dist/" in line for line in installs)


def test_it_runs_as_a_user_with_a_fixed_number_that_is_not_root(stages):
    user, group = re.search(r"^USER (\d+):(\d+)$", stages["runtime"], re.MULTILINE).groups()

    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user}" in stages["runtime"]


def test_the_command_is_in_exec_form_so_that_sigterm_reaches_it(stages):
    assert json.loads(re.search(r"^CMD (.*)$", stages["runtime"], re.MULTILINE)[1]) == ["horngate", "serve"]
    assert "STOPSIGNAL SIGTERM" in stages["runtime"]


def test_it_listens_on_all_addresses_at_the_port_that_it_exposes(stages):
    port = Settings.model_fields["port"].default

    assert f"EXPOSE {port}" in stages["runtime"]
    assert f"HORNGATE_PORT={port}" in stages["runtime"]
    assert "HORNGATE_HOST=0.0.0.0" in stages["runtime"]


def test_every_variable_of_ours_is_a_setting(dockerfile):
    names = set(re.findall(rf"{PREFIX}[A-Z_]+", dockerfile))

    assert names
    assert names <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_version_label_is_the_version_of_the_product(dockerfile, root):
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]

    assert f'image.version="{version}"' in dockerfile


def test_every_copied_path_exists_and_is_let_into_the_build(dockerfile, root):
    ignored = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    lines = re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE)
    sources = {source for line in lines for source in line.split()[:-1]}

    assert ignored[0] == "*"
    assert sources == let_in
    assert all((root / source).exists() for source in sources)


def test_no_bytecode_of_the_checkout_enters_the_build(root):
    patterns = (root / ".dockerignore").read_text().splitlines()

    assert any(fnmatch.fnmatch("app/__pycache__", pattern) for pattern in patterns)
    assert any(fnmatch.fnmatch("app/main.pyc", pattern) for pattern in patterns)


def test_the_health_check_passes_while_the_server_is_ready(probe, answering):
    answering.status = 200

    assert _ask(probe, answering.server_port) == 0


def test_the_health_check_fails_while_the_server_is_not_ready(probe, answering):
    answering.status = 503

    assert _ask(probe, answering.server_port) == 1


def test_the_health_check_fails_where_nothing_listens(probe):
    with socket.socket() as bound:  # bound, but not listening: nobody else can take the port
        bound.bind(("127.0.0.1", 0))

        assert _ask(probe, bound.getsockname()[1]) == 1


def test_the_health_check_needs_nothing_but_python(probe):
    assert probe[:3] == ["python", "-I", "-c"]
