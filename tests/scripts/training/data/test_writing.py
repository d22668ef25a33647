from dataclasses import replace

import numpy as np
import pytest

from app.labelled.columns import Columns
from app.labelled.errors import DataError
from app.labelled.reading import read_labelled
from scripts.training.data.types import Split
from scripts.training.data.writing import write_test_part


def test_texts_are_read_again_as_they_were(dataset, tmp_path):
    texts = [("fine,\nreally \u2028 <br />", 1), ("很差", 0)]
    path = write_test_part(dataset([("a", 0), ("b", 1)], texts, name="mine"), tmp_path / "out")
    assert path == tmp_path / "out" / "mine.jsonl.gz"
    rows = read_labelled(path, Columns())
    assert rows.inputs == [text for text, _ in texts]
    assert rows.labels == ["positive", "negative"]


def test_images_are_read_again_as_they_were(dataset, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    digits = replace(dataset([], []), test=Split(images, np.array([7, 0, 7])))
    rows = read_labelled(write_test_part(digits, tmp_path), Columns())
    assert np.array_equal(np.stack(rows.inputs), images)
    assert rows.labels == ["7", "0", "7"]


def test_the_same_rows_make_the_same_bytes(dataset, tmp_path):
    made_up = dataset([], [("fine", 1), ("dull", 0)])
    first, second = (write_test_part(made_up, tmp_path / name).read_bytes() for name in "ab")
    assert first == second


def test_a_folder_that_cannot_be_written_is_one_line(dataset, write):
    in_the_way = write("out", b"")
    with pytest.raises(DataError, match=r"cannot write .*made_up\.jsonl\.gz: "):
        write_test_part(dataset([], [("fine", 1)]), in_the_way)
