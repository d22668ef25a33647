"""One row of a model, ready for its bare runtime: the limit's other half."""

from pathlib import Path

import numpy as np

from app.bench.errors import BenchInvalid
from app.inference.runtimes.onnx import MODEL, OnnxRuntime
from app.processing.text import TextEncoder
from app.repository.manifest import read_manifest
from app.types import Array, Tensors, TensorSpec

TOKENIZER = "tokenizer.json"


def open_bare_runtime(folder: Path, text: str) -> tuple[OnnxRuntime, Tensors]:
    """The folder's model on one thread of ONNX Runtime, and one row (1, …): of `text` where it reads texts, else zeros.

    Raises `BenchInvalid` where the folder has no `model.onnx`, `ModelInvalid` where it cannot be loaded.
    """
    if not (folder / MODEL).is_file():
        raise BenchInvalid(f"expected {folder / MODEL} for the limit; name the folder of the models with --models")
    manifest = read_manifest(folder)
    runtime = OnnxRuntime(threads=1)
    signature = runtime.load(folder)
    if manifest.text is None:
        return runtime, {spec.name: _zeros(spec) for spec in signature.inputs}
    settings = manifest.text
    encoder = TextEncoder.from_file(folder / TOKENIZER, settings.length, settings.keep, settings.buckets)
    return runtime, encoder.encode([text], signature.inputs[0].name).groups[0]


def _zeros(spec: TensorSpec) -> Array:
    """One row of zeros; a dimension of any size has one."""
    shape = [1, *(size or 1 for size in spec.shape[1:])]
    return np.full(shape, "", object) if spec.dtype == "string" else np.zeros(shape, spec.dtype)
