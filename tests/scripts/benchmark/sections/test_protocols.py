"""The section on protocols: every way in turn, what the table tells, and peers that are not there."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import onnxruntime

from app.repository.manifest import read_manifest
from scripts.benchmark.passing_model import INPUT, OUTPUT, write_passing_model
from scripts.benchmark.result import Conditions
from scripts.benchmark.sections.protocols import Way, _peers, run_ways, table_of

ARRAY = np.arange(6, dtype=np.float32).reshape(1, 2, 3)


def conditions(peers: list[str], venvs: Path, rounds: int = 2) -> Conditions:
    return Conditions(Path("models"), 2, rounds, 3.0, venvs, peers)


def test_the_models_give_rows_back_or_their_sums(tmp_path):
    for name, summed, expected in (("same", False, ARRAY), ("sum", True, ARRAY.sum(axis=(1, 2)))):
        write_passing_model(tmp_path, name, 2, 3, summed=summed)
        folder = tmp_path / name / "1"
        session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        assert np.array_equal(session.run([OUTPUT], {INPUT: ARRAY})[0], expected)
        assert read_manifest(folder).signature.inputs[0].shape == (None, 2, 3)


def test_every_way_is_warmed_up_and_then_takes_its_turn(run_of, tmp_path):
    loaded = []

    def way(name: str, rate: float) -> Way:
        return Way(name, 0, lambda seconds: loaded.append((name, seconds)) or run_of(rate=rate))

    runs = run_ways({"one": way("one", 1), "two": way("two", 2)}, conditions([], tmp_path))
    assert loaded == [("one", 1.0), ("two", 1.0), *[("one", 3.0), ("two", 3.0)] * 2]
    assert [run.rate for run in runs["two"]] == [2, 2]


def test_the_table_tells_what_large_tensors_move_and_what_failed(run_of):
    ways = {"small": Way("small", 0, run_of), "large": Way("large", 16 * 2**20, run_of)}
    runs = {"small": [run_of(rate=100, errors=1), run_of(rate=300)], "large": [run_of(rate=40)] * 2}
    assert table_of(ways, runs)[1:] == [
        ["small", "200.0", "–", "300", "1"],
        ["large", "40.0", "640", "300", "0"],
    ]


def test_a_peer_that_cannot_be_installed_is_named(tmp_path):
    (tmp_path / "mlserver").write_text("no folder")
    notes: list[str] = []
    with ExitStack() as stack:
        assert _peers(stack, tmp_path, conditions(["mlserver", "mosec"], tmp_path), notes) == {}
    assert len(notes) == 1
    assert notes[0].startswith("MLServer was left out: ")
