"""The peers that are asked with tensors."""

import importlib
import json
from pathlib import Path

import pytest

from scripts.benchmark.contenders import ROOT
from scripts.benchmark.tensor_peers import MODEL, PATH, TENSOR_PEERS


@pytest.mark.parametrize("peer", TENSOR_PEERS.values(), ids=TENSOR_PEERS)
def test_every_peer_is_pinned_and_serves_the_model_that_is_asked(peer):
    start = peer.start_with(peer.body(""), folder=Path("small/1"))
    assert all("==" in package for package in peer.packages)
    assert start.path == PATH
    assert str(start.port) in [*start.command, *start.environment.values()]


def test_mlserver_s_settings_name_the_model_and_a_module_that_is_there():
    folder = Path(TENSOR_PEERS["mlserver"].arguments(1)[1])
    settings = json.loads((folder / "model-settings.json").read_text())
    assert settings["name"] == MODEL
    assert importlib.util.find_spec(settings["implementation"].rpartition(".")[0]) is not None


def test_kserve_s_module_is_there_and_names_the_model():
    module = TENSOR_PEERS["kserve"].arguments(1)[1]
    path = ROOT / (module.replace(".", "/") + ".py")
    assert f'Tensors("{MODEL}")' in path.read_text()
