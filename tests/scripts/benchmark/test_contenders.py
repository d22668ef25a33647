"""How each server is started, asked and understood."""

import importlib
import json
from pathlib import Path

import pytest

from scripts.benchmark.contenders import BENTOML, CONTENDERS, MLSERVER, MOSEC, ROOT, horngate

READING = {"label": "positive", "score": 0.9}


@pytest.mark.parametrize("contender", CONTENDERS.values(), ids=CONTENDERS)
def test_every_contender_is_pinned_or_ours(contender):
    assert all("==" in package for package in contender.packages)


@pytest.mark.parametrize("contender", CONTENDERS.values(), ids=CONTENDERS)
def test_every_contender_listens_on_its_own_port(contender, tmp_path):
    start = contender.start_with(contender.body("好"), tmp_path, tmp_path / "sentiment" / "1")
    told = [*start.command, *start.environment.values()]
    assert str(start.port) in told
    assert start.environment["MODEL_FOLDER"] == str(tmp_path / "sentiment" / "1")
    assert start.command[0] == str(tmp_path / contender.program)


@pytest.mark.parametrize("contender", CONTENDERS.values(), ids=CONTENDERS)
def test_the_module_that_a_contender_starts_is_there(contender):
    words = " ".join(contender.arguments(1))
    settings = ROOT / "scripts/benchmark/peers/mlserver/model-settings.json"
    if contender is MLSERVER:
        words = json.loads(settings.read_text())["implementation"].rpartition(".")[0]
    module = next(word for word in words.replace(":", " ").split() if word.startswith("scripts.benchmark.peers"))
    assert importlib.util.find_spec(module) is not None


def test_a_text_is_sent_as_each_server_wants_it():
    assert json.loads(MOSEC.body("好").content) == {"text": "好"}
    assert json.loads(BENTOML.body("good").content) == {"text": ["good"]}
    assert json.loads(MLSERVER.body("good").content)["inputs"][0]["data"] == ["good"]


def test_each_servers_answer_is_understood():
    assert MOSEC.read(READING) == READING
    assert BENTOML.read([READING]) == READING
    outputs = [{"name": "label", "data": ["positive"]}, {"name": "score", "data": [0.9]}]
    assert MLSERVER.read({"outputs": outputs}) == READING


def test_mlserver_gets_three_ports():
    ports = MLSERVER.start_with(MLSERVER.body("good")).environment
    assert len({ports[f"MLSERVER_{name}_PORT"] for name in ("HTTP", "GRPC", "METRICS")}) == 3


def test_horngate_is_started_as_users_start_it():
    start = horngate(2, Path("models"), "digit").start_with(MOSEC.body("good"))
    assert start.command[0].endswith("/horngate")
    assert start.command[1] == "serve"
    assert start.path == "/predict/digit"
    assert "MODEL_FOLDER" not in start.environment


def test_a_contender_without_packages_runs_in_our_environment(tmp_path):
    start = CONTENDERS["tutorial"].start(tmp_path, tmp_path / "never", "good")
    assert not (tmp_path / "never").exists()
    assert start.command[1] == "scripts.benchmark.peers.tutorial_app:app"
