"""What a user may bring: a `.keras` file, a SavedModel or an ONNX file."""

import importlib.util
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.conversion.errors import SourceInvalid
from app.inference.runtimes.signature_def import SAVED_MODEL, SIGNATURE

Kind = Literal["keras", "saved_model", "onnx"]

PACKAGES = ("tensorflow", "keras", "tf2onnx", "onnx")
"""What converting needs; the extra `tensorflow` brings all."""

EXPECTED = "a .keras file, a SavedModel's folder or an .onnx file"
OTHERS = {
    ".h5": "an HDF5 file; read it with keras.models.load_model and save it with model.save('name.keras')",
    ".hdf5": "an HDF5 file; read it with keras.models.load_model and save it with model.save('name.keras')",
    ".weights": "weights without their model; save the model with model.save('name.keras')",
    ".tflite": "a LiteRT file, which holds no more than a device needs; add the model that it was made from",
    ".pb": "one file of a SavedModel; name its folder",
}
"""What people have besides, and what they can do with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A model at `path`; `signature` is which of a SavedModel's is served."""

    path: Path
    kind: Kind
    signature: str = SIGNATURE


def recognise(path: Path, signature: str | None = None) -> Source:
    """What stands at `path`; raises `SourceInvalid` where that is no model, or has no signatures to choose of."""
    kind = _kind_of(path)
    if signature is not None and kind != "saved_model":
        raise SourceInvalid(f"only a SavedModel has signatures; {path.name} is none: leave --signature out")
    return Source(path, kind, signature or SIGNATURE)


def check_packages(source: Source) -> None:
    """Raise `SourceInvalid` where a package is not installed that converting the source takes."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing and source.kind != "onnx":
        raise SourceInvalid(
            f"{source.path.name} is converted with {', '.join(missing)}, which is not installed; "
            "install it with: pip install 'horngate[tensorflow]'"
        )


def _kind_of(path: Path) -> Kind:
    """The format, by the file's name and first bytes."""
    if path.is_dir():
        return _folder_kind(path)
    if not path.is_file():
        raise SourceInvalid(f"expected {EXPECTED}; there is nothing at {path}")
    if path.suffix == ".keras":
        if zipfile.is_zipfile(path):
            return "keras"
        raise SourceInvalid(f"{path.name} is no .keras archive, or not a whole one; save it again with model.save")
    if path.suffix == ".onnx":
        return "onnx"
    received = OTHERS.get(path.suffix.lower(), path.name)
    raise SourceInvalid(f"expected {EXPECTED}; received {received}")


def _folder_kind(path: Path) -> Kind:
    """A folder is a SavedModel, or nothing; a folder of versions is a hint."""
    if (path / SAVED_MODEL).is_file():
        return "saved_model"
    below = sorted(each.parent.name for each in path.glob(f"*/{SAVED_MODEL}"))
    hint = f"; did you mean {path / below[-1]}?" if below else "; write one with model.export('folder')"
    raise SourceInvalid(f"expected {SAVED_MODEL} in {path}; there is none{hint}")
