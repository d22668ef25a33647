"""A data set's test part as files that `horngate evaluate` reads."""

import gzip
import json
from pathlib import Path

import numpy as np

from app.labelled.errors import DataError
from app.labelled.idx import format_idx
from scripts.training.data.types import Dataset


def write_test_part(dataset: Dataset, folder: Path) -> Path:
    """Write texts to `<name>.jsonl.gz`, images to a pair `<name>-images-idx3-ubyte.gz` and `-labels-idx1-ubyte.gz`.

    Gives the file to name to `horngate evaluate`; the same rows make the same bytes. Raises `DataError` where they
    cannot be written.
    """
    split = dataset.test
    if isinstance(split.inputs, np.ndarray):
        _pack(folder / f"{dataset.name}-labels-idx1-ubyte.gz", format_idx(split.targets))
        return _pack(folder / f"{dataset.name}-images-idx3-ubyte.gz", format_idx(split.inputs))
    rows = zip(split.inputs, split.targets.tolist(), strict=True)
    lines = [json.dumps({"text": text, "label": dataset.labels[target]}, ensure_ascii=False) for text, target in rows]
    return _pack(folder / f"{dataset.name}.jsonl.gz", "\n".join([*lines, ""]).encode())


def _pack(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, mtime=0))
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None
    return path
