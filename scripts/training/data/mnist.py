"""MNIST: 60,000 and 10,000 handwritten digits of 28×28 pixels, in the authors' IDX files or as Keras's mnist.npz."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.files import locate, locate_all, md5_of, read_content
from app.labelled.idx import format_idx, parse_idx
from app.processing.mnist import DIGITS
from scripts.training.data.fetching import Original
from scripts.training.data.types import Dataset, Split

LICENCE = "CC BY-SA 3.0 as commonly given; LeCun, Cortes and Burges"
SOURCE = "The MNIST database of handwritten digits (LeCun, Cortes, Burges)"

ORIGINALS = (
    Original(
        url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        name="mnist.npz",
        checksum="sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
)
"""Origin and checksum as in keras.datasets.mnist."""

CHECKSUMS = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 of each IDX file, unpacked: the packed ones differ from mirror to mirror."""

ARRAYS = dict(zip(CHECKSUMS, ("x_train", "y_train", "x_test", "y_test"), strict=True))
"""The same four by their names in mnist.npz."""


def read(directory: Path, checksums: Mapping[str, str] = CHECKSUMS) -> Dataset:
    """Read `directory`/mnist: images (rows, 28, 28) uint8, every file checked against its MD5.

    Raises `DataMissing` where it is not there, `DataInvalid` where a file is not the original.
    """
    folder = directory / "mnist"
    packed = locate(folder, "mnist.npz")
    contents = _from_npz(packed) if packed else _from_idx(folder, checksums)
    for name, content in contents.items():
        if md5_of(content) != checksums[name]:
            raise DataInvalid(
                f"expected {name} of MNIST in {folder} to have the MD5 {checksums[name]} when unpacked; "
                f"received {md5_of(content)}; fetch it again"
            )
    train_images, train_labels, test_images, test_labels = (parse_idx(content) for content in contents.values())
    return Dataset(
        name="mnist",
        labels=DIGITS,
        train=Split(train_images, train_labels.astype(np.int64)),
        test=Split(test_images, test_labels.astype(np.int64)),
        licence=LICENCE,
        source=SOURCE,
    )


def _from_idx(folder: Path, checksums: Mapping[str, str]) -> dict[str, bytes]:
    try:
        paths = locate_all(folder, tuple(checksums))
    except DataMissing as missing:
        raise DataMissing(f"{missing}; nor is mnist.npz there") from None
    return {name: read_content(path) for name, path in zip(checksums, paths, strict=True)}


def _from_npz(path: Path) -> dict[str, bytes]:
    """The same bytes as the IDX files hold, so that one set of checksums serves both."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: format_idx(arrays[array]) for name, array in ARRAYS.items()}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataInvalid(
            f"expected Keras's mnist.npz at {path}; it cannot be read ({error}); fetch it again"
        ) from None
