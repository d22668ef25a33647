"""A source as the files of a version folder, by the way that its format needs."""

import shutil
from pathlib import Path

from app.conversion.process import convert_in_child
from app.conversion.result import Converted
from app.conversion.servable import ask_sample, read_signature
from app.conversion.source import Source
from app.errors import ModelInvalid
from app.inference.runtimes.onnx import MODEL, OnnxRuntime
from app.types import Signature

EXTERNAL = "external data"


def converted(source: Source, folder: Path) -> Converted:
    """Write what is served into `folder`; raises `HorngateError` where the source cannot be served.

    An ONNX file is served as it is: there is nothing to compare it with, and TensorFlow is not needed.
    """
    if source.kind != "onnx":
        return convert_in_child(source, folder)
    shutil.copyfile(source.path, folder / MODEL)
    signature = _onnx_signature(folder)
    runtime = OnnxRuntime()
    runtime.load(folder)
    sample = ask_sample(signature, runtime.run)
    runtime.close()
    return Converted(signature, {}, sample.probabilities())


def _onnx_signature(folder: Path) -> Signature:
    """What the graph takes and gives; raises `ModelInvalid`, with what to do where its weights lie in other files."""
    try:
        return read_signature(OnnxRuntime(), folder)
    except ModelInvalid as error:
        if EXTERNAL not in str(error).lower():
            raise
        raise ModelInvalid(
            f"{error}; save it as one file: onnx.save(model, path, save_as_external_data=False)"
        ) from None
