"""A source as the files of a version folder, by the way that its format needs."""

import shutil
from pathlib import Path

from app.conversion.process import convert_in_child
from app.conversion.result import Converted
from app.conversion.servable import ask_sample, read_signature
from app.conversion.source import Source
from app.inference.runtimes.onnx import MODEL, OnnxRuntime


def converted(source: Source, folder: Path) -> Converted:
    """Write what is served into `folder`; raises `HorngateError` where the source cannot be served.

    An ONNX file is served as it is: there is nothing to compare it with, and TensorFlow is not needed.
    """
    if source.kind != "onnx":
        return convert_in_child(source, folder)
    shutil.copyfile(source.path, folder / MODEL)
    signature = read_signature(OnnxRuntime(), folder)
    runtime = OnnxRuntime()
    runtime.load(folder)
    sample = ask_sample(signature, runtime.run)
    runtime.close()
    return Converted(signature, {}, sample.probabilities())
