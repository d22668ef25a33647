"""What every runtime does alike, the fake included."""

from pathlib import Path

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid
from app.inference.runtimes.gradients import Aim, unpacked

INPUTS = {
    ("values", "float32", (None, 3)),
    ("ids", "int32", (None,)),
    ("counts", "int64", (None, None)),
    ("flags", "bool", (None, 2)),
}
OUTPUTS = {
    ("doubled", "float32", (None, 3)),
    ("scores", "float32", (None, 4)),
    ("kept", "float32", (None, 3)),
    ("picked", "float32", (None,)),
    ("added", "float32", (None, None)),
    ("inverted", "bool", (None, 2)),
}


def test_loading_gives_the_signature(loaded):
    for specs, expected in ((loaded.signature.inputs, INPUTS), (loaded.signature.outputs, OUTPUTS)):
        assert {(spec.name, spec.dtype, spec.shape) for spec in specs} == expected


@pytest.mark.parametrize(("rows", "length"), [(1, 2), (2, 5), (33, 1), (3, 2)])
def test_a_batch_of_any_size_and_length_agrees_with_the_reference(loaded, batch, reference, rows, length):
    tensors = batch(rows, length)
    outputs, expected = loaded.runtime.run(tensors), reference(tensors)
    assert outputs.keys() == expected.keys()
    for name, array in expected.items():
        assert outputs[name].dtype == array.dtype
        assert outputs[name].shape == array.shape
        assert np.abs(outputs[name].astype(np.float64) - array).max() <= 1e-4


def test_what_goes_in_is_left_as_it_was(loaded, batch):
    tensors = batch(4)
    copy = {name: array.copy() for name, array in tensors.items()}
    loaded.runtime.run(tensors)
    assert all(np.array_equal(tensors[name], copy[name]) for name in copy)


def test_inputs_that_are_views_of_others_will_do(loaded, batch, reference):
    tensors = {name: array[1:4] for name, array in batch(6).items()}
    tensors["values"] = np.asfortranarray(tensors["values"])
    for array in tensors.values():
        array.flags.writeable = False
    outputs = loaded.runtime.run(tensors)
    assert np.abs(outputs["scores"] - reference(tensors)["scores"]).max() <= 1e-4
    assert np.array_equal(outputs["kept"], tensors["values"])


def test_gradients_come_with_the_output_that_they_are_of_or_are_refused(kind, loaded, batch, reference):
    tensors = batch(3)
    asked = Aim("doubled", 1, is_class=False).beside(tensors, loaded.signature)
    if not kind.gives_gradients:
        with pytest.raises(InferenceFailed, match="input"):
            loaded.runtime.run(asked)
        return
    outputs = loaded.runtime.run(asked)
    values, gradients = unpacked(outputs["doubled"], {"values": (3,)})
    assert np.allclose(values, reference(tensors)["doubled"])
    assert gradients["values"].tolist() == [[0, 2, 0]] * 3
    assert np.abs(outputs["scores"] - reference(tensors)["scores"]).max() <= 1e-4


def test_answers_are_the_callers_own(loaded, batch, reference):
    tensors = batch(4)
    outputs, expected = loaded.runtime.run(tensors), reference(tensors)
    for array in tensors.values():
        array[...] = 0
    loaded.runtime.run(tensors)
    for name in ("doubled", "kept", "picked", "added", "inverted"):
        assert np.array_equal(outputs[name], expected[name])


def test_a_row_with_nan_gives_nan_and_leaves_the_others_alone(loaded, batch, reference):
    tensors = batch(3)
    tensors["values"][1] = np.nan
    outputs = loaded.runtime.run(tensors)
    assert np.isnan(outputs["scores"][1]).all()
    assert np.isnan(outputs["doubled"][1]).all()
    expected = reference(tensors)["scores"]
    assert np.abs(outputs["scores"][[0, 2]] - expected[[0, 2]]).max() <= 1e-4


def test_a_batch_that_the_model_cannot_run_fails_and_the_next_one_runs(loaded, kind, batch):
    if not kind.checks_indices:
        pytest.skip("the engine does not see an index out of range")
    poisoned = batch(2)
    poisoned["ids"][1] = 99
    with pytest.raises(InferenceFailed):
        loaded.runtime.run(poisoned)
    assert len(loaded.runtime.run(batch(2))["picked"]) == 2


WRONG = {
    "a missing input": lambda tensors: tensors.pop("ids"),
    "an input too many": lambda tensors: tensors.update(more=tensors["ids"]),
    "another name": lambda tensors: tensors.update(others=tensors.pop("ids")),
    "another dtype": lambda tensors: tensors.update(values=tensors["values"].astype(np.float64)),
    "integers of another size": lambda tensors: tensors.update(ids=tensors["ids"].astype(np.int64)),
    "another width": lambda tensors: tensors.update(values=np.zeros((2, 5), np.float32)),
    "another rank": lambda tensors: tensors.update(ids=np.zeros((2, 2), np.int32)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_inputs_fail_and_the_next_batch_runs(loaded, batch, wrong):
    tensors = batch(2)
    WRONG[wrong](tensors)
    with pytest.raises(InferenceFailed):
        loaded.runtime.run(tensors)
    assert len(loaded.runtime.run(batch(2))["picked"]) == 2


def test_a_corrupt_file_is_an_invalid_model(kind, tmp_path):
    if kind.file is None:
        pytest.skip("see the docstring of Kind")
    (tmp_path / kind.file).write_bytes(b"this is no model")
    runtime = kind.make()
    try:
        with pytest.raises(ModelInvalid):
            runtime.load(tmp_path)
    finally:
        runtime.close()


def test_a_missing_file_is_an_invalid_model(kind, tmp_path):
    if kind.file is None:
        pytest.skip("see the docstring of Kind")
    runtime = kind.make()
    with pytest.raises(ModelInvalid):
        runtime.load(tmp_path)
    runtime.close()


def test_a_runtime_that_was_loaded_run_and_closed_leaves_no_descriptor_open(kind, batch):
    if kind.file is None:
        pytest.skip("see the docstring of Kind")

    def live() -> None:
        runtime = kind.make()
        runtime.load(kind.folder)
        runtime.run(batch(2))
        runtime.close()

    live()  # what a library opens once for the process is no leftover
    before = set(Path("/proc/self/fd").iterdir())
    live()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_closing_before_loading_is_safe(kind, batch):
    runtime = kind.make()
    runtime.close()
    runtime.close()
    with pytest.raises(InferenceFailed, match="closed"):
        runtime.run(batch(1))


def test_closing_twice_is_safe_and_nothing_runs_after_it(loaded, batch):
    loaded.runtime.run(batch(1))
    loaded.runtime.close()
    loaded.runtime.close()
    with pytest.raises(InferenceFailed, match="closed"):
        loaded.runtime.run(batch(1))
