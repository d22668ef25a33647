"""The protocols' section: what is asked is what the server reads, and the aims are held to what was measured."""

import json

import numpy as np
import onnxruntime
import pytest

from app.repository.manifest import read_manifest
from app.wire.oip_request import read_request
from scripts.benchmark.passing_model import INPUT, OUTPUT, write_passing_model
from scripts.benchmark.sections.protocols import Protocols, aims_of, as_bytes, as_json, table_of

ARRAY = np.arange(6, dtype=np.float32).reshape(1, 2, 3)


@pytest.fixture
def measured(run_of):
    """Two rounds: JSON at 100/s, bytes at 300/s, large tensors at 40/s and 10/s."""
    rates = {"json": 100, "binary": 300, "large_in": 40, "large_both": 10}
    return Protocols(**{name: [run_of(rate=rate)] * 2 for name, rate in rates.items()})


def test_both_ways_ask_for_the_same():
    one, two = as_json(ARRAY), as_bytes(ARRAY)
    length = int(two.headers["Inference-Header-Content-Length"])
    for request in (read_request(one.body.content, None), read_request(two.body.content, length)):
        assert np.array_equal(request.tensors[INPUT], ARRAY)
    assert json.loads(two.body.content[:length])["parameters"] == {"binary_data_output": True}


def test_the_models_give_rows_back_or_their_sums(tmp_path):
    for name, summed, expected in (("same", False, ARRAY), ("sum", True, ARRAY.sum(axis=(1, 2)))):
        write_passing_model(tmp_path, name, 2, 3, summed=summed)
        folder = tmp_path / name / "1"
        session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        assert np.array_equal(session.run([OUTPUT], {INPUT: ARRAY})[0], expected)
        assert read_manifest(folder).signature.inputs[0].shape == (None, 2, 3)


def test_the_table_tells_what_large_tensors_move_there_and_back(measured):
    assert [row[2] for row in table_of(measured)[1:]] == ["–", "–", "640", "320"]


def test_the_aims_are_twice_the_rate_of_json_and_500_mib_per_second(measured):
    small, large = aims_of(measured)
    assert (small.measured, small.holds) == ("3.00", True)
    assert (large.measured, large.holds) == ("640.00", True)


def test_with_errors_no_aim_is_reached(measured, run_of):
    measured.binary[0] = run_of(rate=300, errors=1)
    measured.large_in[0] = run_of(rate=40, errors=1)
    assert [aim.holds for aim in aims_of(measured)] == [False, False]
