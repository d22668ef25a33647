"""The model with int8 weights beside the float one: accuracy, size and speed.

What is shipped stays the float model. All runtimes of a version must say the same within 1e-4, and ONNX Runtime's
dynamic quantisation, the one that can be faster, also rounds what flows between the layers. The int8 graphs stay in the
run's folder, for whoever wants to serve them knowingly.
"""

import logging
import shutil
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from app.conversion.errors import ConversionFailed
from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.keras_model import NamedModel
from app.conversion.parity import new_runtime
from app.evaluation.judged import Judged
from app.evaluation.mcnemar import exact_p_value
from app.inference.runtimes.onnx import MODEL as ONNX_MODEL
from app.types import Array, Runtime
from scripts.training.buckets import trimmed
from scripts.training.data.types import Dataset
from scripts.training.evaluation import joined, judge
from scripts.training.examples import Material
from scripts.training.methods.int8_weights import write_int8_saved_model

logger = logging.getLogger(__name__)

BATCHES = (1, 32)
"""The rows of the batches that are timed."""

REPEATS, WARM_UPS = 30, 5
FLOAT, INT8 = "float32", "int8"


def compare_quantised(
    model: keras.Model, material: Material, datasets: Sequence[Dataset], buckets: Sequence[int], folder: Path
) -> dict[str, Any]:
    """Write both models below `folder` and measure them on one thread; by runtime, then by `float32` and `int8`.

    Each has its accuracy on all test rows, its bytes, and the median milliseconds of a batch by its rows. McNemar's
    test says how likely such a difference is where both are equally good.
    """
    write_both(model, material, folder)
    found: dict[str, Any] = {}
    for name, file in (("tensorflow", "saved_model.pb"), ("onnx", ONNX_MODEL)):
        kinds = {kind: folder / kind for kind in (FLOAT, INT8)}
        if all((place / file).is_file() for place in kinds.values()):
            found[name] = _compared(name, kinds, material, datasets, buckets)
            logger.info("int8 on %s: %s", name, _line(found[name]))
    return found


def write_both(model: keras.Model, material: Material, folder: Path) -> None:
    """Write `float32/` and `int8/`, each with a SavedModel and, where the model can be converted, an ONNX graph."""
    shutil.rmtree(folder, ignore_errors=True)
    whole, small = folder / FLOAT, folder / INT8
    for place in (whole, small):
        place.mkdir(parents=True)
    function = NamedModel.of(model, material.signature).serving_function()
    write_saved_model(function, whole)
    write_int8_saved_model(model, material.signature, small)
    try:
        write_onnx(function, whole)
    except ConversionFailed as error:
        logger.warning("no int8 graph for ONNX Runtime: %s", error)
        return
    prepared = small / "prepared.onnx"
    quant_pre_process(whole / ONNX_MODEL, prepared, skip_symbolic_shape=True)
    quantize_dynamic(prepared, small / ONNX_MODEL, per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()


def _compared(
    name: str, kinds: Mapping[str, Path], material: Material, datasets: Sequence[Dataset], buckets: Sequence[int]
) -> dict[str, Any]:
    judged: dict[str, Judged] = {}
    told: dict[str, Any] = {}
    for kind, folder in kinds.items():
        runtime = new_runtime(name)
        runtime.load(folder)
        parts = [judge(material.task, runtime.run, material.labels, dataset.test) for dataset in datasets]
        judged[kind] = joined(parts)
        told[kind] = {
            "accuracy": float(_is_right(judged[kind]).mean()),
            "bytes": _bytes(name, folder),
            "batch_milliseconds": {str(rows): _milliseconds(runtime, material, buckets, rows) for rows in BATCHES},
        }
        runtime.close()
    return told | {"mcnemar": _tested(judged[FLOAT], judged[INT8])}


def _tested(whole: Judged, small: Judged) -> dict[str, float]:
    """The rows that only one of the two has right, and McNemar's exact p-value."""
    only_float = int((_is_right(whole) & ~_is_right(small)).sum())
    only_int8 = int((_is_right(small) & ~_is_right(whole)).sum())
    p_value = exact_p_value(only_float, only_int8)
    return {"only_float32_right": only_float, "only_int8_right": only_int8, "p_value": round(p_value, 6)}


def _is_right(judged: Judged) -> Array:
    return np.asarray(judged.predicted == judged.targets)


def _bytes(name: str, folder: Path) -> int:
    """What the runtime reads: the ONNX graph, or the SavedModel with its variables."""
    if name == "onnx":
        return (folder / ONNX_MODEL).stat().st_size
    variables = folder / "variables"
    return sum(path.stat().st_size for path in (folder / "saved_model.pb", *variables.iterdir()))


def _milliseconds(runtime: Runtime, material: Material, buckets: Sequence[int], rows: int) -> float:
    """The median of a batch of validation rows as long as the middle one."""
    inputs = trimmed(np.repeat(_middle_row(material.validation.inputs), rows, axis=0), buckets)
    tensors = {material.signature.inputs[0].name: inputs}
    taken = []
    for _ in range(WARM_UPS + REPEATS):
        since = time.perf_counter()
        runtime.run(tensors)
        taken.append(time.perf_counter() - since)
    return round(1000 * statistics.median(taken[WARM_UPS:]), 4)


def _middle_row(inputs: Array) -> Array:
    """The row (1, …) with the middle number of non-zero elements."""
    filled = (inputs != 0).reshape(len(inputs), -1).sum(axis=1)
    return np.asarray(inputs[np.argsort(filled, kind="stable")[len(inputs) // 2]][np.newaxis])


def _line(found: Mapping[str, Any]) -> str:
    told = [f"{kind} {found[kind]['accuracy']:.4f}, {found[kind]['bytes']:,} bytes" for kind in (FLOAT, INT8)]
    return "; ".join(told)
