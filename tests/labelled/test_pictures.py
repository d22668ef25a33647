import numpy as np
import pytest

from app.labelled.errors import DataInvalid
from app.labelled.idx import format_idx
from app.labelled.pictures import is_idx, read_folder, read_idx_pair


@pytest.fixture
def pair(write):
    """Three pictures and their labels, one file of the two packed."""
    pictures = np.arange(3)[:, None, None] * np.ones((3, 28, 28))
    write("m/t10k-labels-idx1-ubyte.gz", format_idx(np.array([7, 1, 7])))
    return write("m/t10k-images-idx3-ubyte", format_idx(pictures))


def test_the_folders_names_are_the_labels(write, tmp_path):
    for name in ("7/b.png", "1/a.png", "1/.hidden", ".cache/x/a.png"):
        write(name, b"")
    rows = read_folder(tmp_path)
    assert rows.labels == ["1", "7"]
    assert rows.places == ["1/a.png", "7/b.png"]
    assert rows.pictures == [tmp_path / "1" / "a.png", tmp_path / "7" / "b.png"]


def test_a_folder_without_images_is_an_error(tmp_path):
    with pytest.raises(DataInvalid, match=r"expected images in .*<label>/; received none$"):
        read_folder(tmp_path)


def test_a_folder_of_idx_files_is_an_error_that_names_them(pair):
    with pytest.raises(DataInvalid, match="name one of its files: t10k-images-idx3-ubyte"):
        read_folder(pair.parent)


def test_either_file_of_a_pair_stands_for_both(pair):
    assert is_idx(pair)
    for path in (pair, pair.parent / "t10k-labels-idx1-ubyte.gz"):
        rows = read_idx_pair(path)
        assert rows.labels == ["7", "1", "7"]
        assert [int(picture[0, 0]) for picture in rows.pictures] == [0, 1, 2]
        assert rows.places[0] == "m/t10k-labels-idx1-ubyte.gz:1"


def test_a_file_without_its_other_is_an_error(pair):
    (pair.parent / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataInvalid, match="expected t10k-labels-idx1-ubyte beside"):
        read_idx_pair(pair)


def test_files_of_different_lengths_are_an_error(pair, write):
    write("m/t10k-labels-idx1-ubyte.gz", format_idx(np.array([7, 1])))
    with pytest.raises(DataInvalid, match=r"expected as many labels .*received \[2\] and \[3, 28, 28\]"):
        read_idx_pair(pair)
