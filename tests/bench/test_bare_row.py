"""One row for the bare runtime."""

import pytest

from app.bench.bare_row import open_bare_runtime
from app.bench.errors import BenchInvalid


def test_a_text_model_gets_the_texts_ids(tiny_models):
    runtime, row = open_bare_runtime(tiny_models / "sentiment" / "1", "good film")
    assert row["tokens"].tolist() == [[0, 0, 0, 0, 2, 4]]
    assert runtime.run(row)["probabilities"].shape == (1, 1)
    runtime.close()


def test_every_other_model_gets_a_row_of_zeros_for_each_input(tiny_models):
    runtime, row = open_bare_runtime(tiny_models / "adder" / "1", "")
    assert {name: (array.shape, array.dtype.name) for name, array in row.items()} == {
        "left": ((1, 2), "float32"),
        "right": ((1, 2), "float32"),
        "count": ((1,), "int32"),
    }
    assert runtime.run(row)["sum"].tolist() == [[0, 0]]
    runtime.close()


def test_a_folder_without_an_onnx_model_is_named(tmp_path):
    with pytest.raises(BenchInvalid, match=r"expected .*model\.onnx for the limit; name the folder .* with --models"):
        open_bare_runtime(tmp_path, "")
