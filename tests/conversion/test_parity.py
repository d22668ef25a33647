import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

from app.conversion.errors import ParityFailed
from app.conversion.parity import compare, new_runtime
from app.errors import InferenceFailed
from app.inference.runtimes.fake import FakeRuntime
from app.inference.runtimes.onnx import OnnxRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None, 2)),))
ROWS = [{"x": np.array([[1, 2], [3, 4]], np.float32)}, {"x": np.array([[5, 6]], np.float32)}]


def doubled(rows):
    return {"y": rows["x"] * 2}


def test_the_largest_difference_of_all_groups_counts(tmp_path):
    runtime = FakeRuntime(SIGNATURE, lambda rows: {"y": rows["x"] * 2 + 1e-5})
    parity = compare(doubled, SIGNATURE, runtime, tmp_path, ROWS)
    assert parity.rows == 3
    assert 0 < parity.max_abs_diff <= 1e-5


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda rows: {"y": rows["x"] * 2 + 0.01}, r"differ by at most 0\.0001.*over 3 rows; received a difference of"),
        (lambda rows: {"y": rows["x"] * (2 if len(rows["x"]) > 1 else 3)}, "received a difference"),
        (
            lambda rows: {"z": rows["x"]},
            r"expected y float32 \[2, 2\], .* as the model itself gives; received z float32",
        ),
        (lambda rows: {"y": rows["x"][:, :1]}, r"received y float32 \[2, 1\], y of one row float32 \[1, 1\]"),
        (lambda rows: {"y": rows["x"] * np.nan}, "received a difference of inf"),
    ],
    ids=["other numbers", "other alone than together", "other names", "other shapes", "no numbers"],
)
def test_another_models_answers_are_told_from_its_own(tmp_path, answer, message):
    with pytest.raises(ParityFailed, match=message):
        compare(doubled, SIGNATURE, FakeRuntime(SIGNATURE, answer), tmp_path, ROWS)


def test_another_signature_fails(tmp_path):
    other = Signature(SIGNATURE.inputs, (TensorSpec("y", "float32", (None, 3)),))
    with pytest.raises(ParityFailed, match="the manifest promises the outputs"):
        compare(doubled, SIGNATURE, FakeRuntime(other, doubled), tmp_path, ROWS)


def test_a_runtime_that_cannot_run_the_rows_fails_with_its_own_words(tmp_path):
    def fail(_rows):
        raise InferenceFailed("no such operation")

    with pytest.raises(ParityFailed, match="no such operation"):
        compare(doubled, SIGNATURE, FakeRuntime(SIGNATURE, fail), tmp_path, ROWS)


def test_runtimes_are_made_by_name():
    assert isinstance(new_runtime("onnx"), OnnxRuntime)
    assert type(new_runtime("tensorflow")).__name__ == "SavedModelRuntime"
