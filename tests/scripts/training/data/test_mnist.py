import gzip

import numpy as np
import pytest

from app.labelled.errors import DataInvalid, DataMissing
from scripts.training.data.mnist import CHECKSUMS, read


@pytest.fixture
def folder(tmp_path, write, digit_files):
    for name, content in digit_files.items():
        write(f"mnist/{name}.gz", content)
    return tmp_path


def test_images_and_labels_come_as_they_stand_in_the_files(folder, digit_files, digit_checksums):
    digits = read(folder, digit_checksums)
    assert digits.labels == tuple("0123456789")
    assert digits.train.inputs.shape == (12, 28, 28)
    assert digits.train.inputs.dtype == np.uint8
    assert digits.train.inputs.tobytes() == digit_files["train-images-idx3-ubyte"][16:]
    assert digits.train.targets.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert digits.test.targets.tolist() == [0, 1, 2, 3]
    assert digits.test.targets.dtype == np.int64
    assert digits.problems == ()


def test_unpacked_files_are_read_as_well(tmp_path, write, digit_files, digit_checksums):
    for name, content in digit_files.items():
        write(f"mnist/{name}", content)
    assert len(read(tmp_path, digit_checksums).test.targets) == 4


def test_the_packing_does_not_matter_to_the_checksum(folder, digit_files, digit_checksums):
    for name, content in digit_files.items():
        (folder / "mnist" / f"{name}.gz").write_bytes(gzip.compress(content, 1, mtime=1))
    assert len(read(folder, digit_checksums).train.targets) == 12


def test_the_archive_of_keras_gives_the_same(tmp_path, folder, digit_checksums):
    from_idx = read(folder, digit_checksums)
    other = tmp_path / "other"
    (other / "mnist").mkdir(parents=True)
    arrays = dict(zip(("x_train", "y_train", "x_test", "y_test"), _arrays(from_idx), strict=True))
    np.savez(other / "mnist" / "mnist.npz", **arrays)
    from_npz = read(other, digit_checksums)
    assert np.array_equal(from_npz.train.inputs, from_idx.train.inputs)
    assert np.array_equal(from_npz.test.targets, from_idx.test.targets)


def test_a_file_that_is_not_the_original_is_an_error_with_both_checksums(folder, digit_checksums):
    with pytest.raises(DataInvalid, match=f"train-images.*{CHECKSUMS['train-images-idx3-ubyte']}.*received"):
        read(folder)


def test_a_lacking_file_is_named(folder, digit_checksums):
    (folder / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataMissing, match=r"lacks t10k-labels-idx1-ubyte .*nor is mnist\.npz"):
        read(folder, digit_checksums)


def test_a_damaged_archive_of_keras_is_an_error(tmp_path, write, digit_checksums):
    write("mnist/mnist.npz", b"not an archive")
    with pytest.raises(DataInvalid, match=r"mnist\.npz"):
        read(tmp_path, digit_checksums)


def test_an_archive_without_the_arrays_is_an_error(tmp_path, digit_checksums):
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "mnist.npz", x_train=np.zeros(1))
    with pytest.raises(DataInvalid, match="y_train"):
        read(tmp_path, digit_checksums)


def _arrays(digits):
    for split in (digits.train, digits.test):
        yield split.inputs
        yield split.targets.astype(np.uint8)
