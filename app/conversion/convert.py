"""A source as the files that are served, each compared with it; runs where TensorFlow may be imported."""

import shutil
from pathlib import Path

from app.conversion.errors import ConversionFailed, ParityFailed
from app.conversion.function import ServingFunction
from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.keras_model import read_keras
from app.conversion.parity import compare, new_runtime
from app.conversion.result import Answers, Converted, Parity
from app.conversion.saved_model import read_saved_model
from app.conversion.servable import ask_sample, read_signature
from app.conversion.source import Source
from app.inference.runtimes.onnx import MODEL as ONNX_MODEL
from app.inference.runtimes.signature_def import SAVED_MODEL, SIGNATURE

PARTS = (SAVED_MODEL, "variables", "assets", "assets.extra", "fingerprint.pb")
"""What a SavedModel consists of; whatever else a user keeps in its folder stays there."""


def convert(source: Source, folder: Path) -> Converted:
    """Write a SavedModel and, where the model can be converted, an ONNX graph into `folder`, which exists.

    Both, loaded again, must say what the source says to rows made of its signature, or the ONNX graph is left out and
    `ParityFailed` raised for the SavedModel. Raises `SourceInvalid` and `ModelInvalid` where it cannot be served.
    """
    function, answers = _write_saved_model(source, folder)
    signature = read_signature(new_runtime("tensorflow"), folder)
    sample = ask_sample(signature, answers)
    parity: dict[str, Parity | str] = {}
    parity["tensorflow"] = compare(answers, signature, new_runtime("tensorflow"), folder, [sample.rows])
    try:
        write_onnx(function, folder)
        parity["onnx"] = compare(answers, signature, new_runtime("onnx"), folder, [sample.rows])
    except (ConversionFailed, ParityFailed) as error:
        (folder / ONNX_MODEL).unlink(missing_ok=True)
        parity["onnx"] = str(error)
    return Converted(signature, parity, sample.probabilities())


def _write_saved_model(source: Source, folder: Path) -> tuple[ServingFunction, Answers]:
    """Write or copy the SavedModel; gives the source as a function, and as it answers itself."""
    if source.kind == "keras":
        model = read_keras(source.path)
        function = model.serving_function()
        write_saved_model(function, folder)
        return function, model.answers
    function = read_saved_model(source.path, source.signature)
    if source.signature == SIGNATURE:
        _copy(source.path, folder)
    else:
        write_saved_model(function, folder)
    return function, function.answers


def _copy(source: Path, folder: Path) -> None:
    """Copy the SavedModel as it is."""
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, folder / part)
        elif (source / part).is_file():
            shutil.copy(source / part, folder / part)
