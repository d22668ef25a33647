"""What every runtime does alike, the fake included."""

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid

INPUTS = {("values", "float32", (None, 3)), ("ids", "int32", (None,))}
OUTPUTS = {("doubled", "float32", (None, 3)), ("picked", "float32", (None,))}


def batch(rows: int) -> dict[str, np.ndarray]:
    values = np.arange(rows * 3, dtype=np.float32).reshape(rows, 3)
    return {"values": values, "ids": (np.arange(rows) % 4).astype(np.int32)}


def test_loading_gives_the_signature(loaded):
    for specs, expected in ((loaded.signature.inputs, INPUTS), (loaded.signature.outputs, OUTPUTS)):
        assert {(spec.name, spec.dtype, spec.shape) for spec in specs} == expected


@pytest.mark.parametrize("rows", [1, 2, 33])
def test_a_batch_of_any_size_gives_every_output(loaded, rows):
    tensors = batch(rows)
    outputs = loaded.runtime.run(tensors)
    assert outputs.keys() == {"doubled", "picked"}
    assert np.array_equal(outputs["doubled"], tensors["values"] * 2)
    assert np.array_equal(outputs["picked"], tensors["ids"].astype(np.float32) ** 2)
    assert {array.dtype.name for array in outputs.values()} == {"float32"}


def test_what_goes_in_is_left_as_it_was(loaded):
    tensors = batch(4)
    copy = {name: array.copy() for name, array in tensors.items()}
    loaded.runtime.run(tensors)
    assert all(np.array_equal(tensors[name], copy[name]) for name in copy)


def test_a_batch_that_the_model_cannot_run_fails_and_the_next_one_runs(loaded):
    poisoned = batch(2)
    poisoned["ids"][1] = 99
    with pytest.raises(InferenceFailed):
        loaded.runtime.run(poisoned)
    assert len(loaded.runtime.run(batch(2))["picked"]) == 2


def test_a_missing_input_fails(loaded):
    with pytest.raises(InferenceFailed):
        loaded.runtime.run({"values": batch(1)["values"]})


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


def test_closing_before_loading_is_safe(kind):
    runtime = kind.make()
    runtime.close()
    runtime.close()
    with pytest.raises(InferenceFailed, match="closed"):
        runtime.run(batch(1))


def test_closing_twice_is_safe_and_nothing_runs_after_it(loaded):
    loaded.runtime.run(batch(1))
    loaded.runtime.close()
    loaded.runtime.close()
    with pytest.raises(InferenceFailed, match="closed"):
        loaded.runtime.run(batch(1))
