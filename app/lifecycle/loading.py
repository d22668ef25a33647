"""From a version folder to a living model: manifest, files, task, runtime, a warm-up, and only then it counts."""

import importlib.util
from contextlib import ExitStack
from operator import attrgetter

import numpy as np

from app.errors import InferenceFailed, ModelInvalid
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.onnx import DTYPES, MODEL, OnnxRuntime
from app.inference.runtimes.process import ProcessRuntime
from app.lifecycle.served_model import ServedModel
from app.repository.manifest import MANIFEST, Manifest, Plan, Tensors, read_manifest, verify_files
from app.repository.scanner import VersionFolder
from app.tasks import TOKENIZER, open_task
from app.types import Array, ModelObserver, Runtime, Signature, TensorSpec

INLINE_SECONDS = 0.002
"""A largest batch that takes less than this runs on the event loop; handing it to a thread would cost more than it."""

SAVED_MODEL = "saved_model.pb"
TENSORFLOW_HINT = "install it with: pip install 'horngate[tensorflow]' (or: make serve EXTRAS=tensorflow)"


def load_version(folder: VersionFolder, observer: ModelObserver, max_queue_rows: int) -> ServedModel:
    """Load, check and warm one version; raises `ModelInvalid` and leaves nothing behind where it cannot be served.

    Reads files and runs the model: call it on a thread. A folder that holds only a SavedModel is adopted as it is.
    """
    manifest = _read(folder)
    plan = manifest.plan if manifest else Plan(runtime="tensorflow")
    with ExitStack() as stack:
        runtimes = [_make_runtime(plan) for _ in range(plan.instances)]
        for runtime in runtimes:
            stack.callback(runtime.close)
        signature = [runtime.load(folder.path) for runtime in runtimes].pop()
        manifest = manifest or _derive_manifest(folder, signature, plan)
        _check_signature(manifest.signature.signature(), signature)
        _check_inputs(signature)
        task = open_task(manifest, folder.path)
        for runtime in runtimes:
            _warm(runtime, signature, plan.max_batch_rows)
        stack.pop_all()
    pool = Pool(runtimes, inline=_is_inline(plan))
    batcher = Batcher(pool, signature, observer, max_batch_rows=plan.max_batch_rows, max_queue_rows=max_queue_rows)
    return ServedModel(folder, manifest, signature, task, batcher, pool, observer)


def _read(folder: VersionFolder) -> Manifest | None:
    """The manifest, once it and the files agree; None for a folder to adopt, which has only a SavedModel."""
    ours = (MANIFEST, MODEL, TOKENIZER)
    if (folder.path / SAVED_MODEL).exists() and not any((folder.path / name).exists() for name in ours):
        return None
    manifest = read_manifest(folder.path)
    verify_files(folder.path, manifest)
    model = MODEL if manifest.plan.runtime == "onnx" else SAVED_MODEL
    for needed in (model, TOKENIZER) if manifest.text else (model,):
        if needed not in manifest.files:
            raise ModelInvalid(f"{needed} is not among the files that {MANIFEST} vouches for; export again")
    return manifest


def _make_runtime(plan: Plan) -> Runtime:
    """The runtime that the plan names, not yet loaded."""
    if plan.runtime == "onnx":
        return OnnxRuntime(plan.threads)
    if importlib.util.find_spec("tensorflow") is None:
        raise ModelInvalid(f"it runs on TensorFlow, which is not installed; {TENSORFLOW_HINT}")
    return ProcessRuntime("app.inference.runtimes.savedmodel:SavedModelRuntime", plan.threads)


def _derive_manifest(folder: VersionFolder, signature: Signature, plan: Plan) -> Manifest:
    """What can be said of a SavedModel without a manifest: tensors in, tensors out."""
    return Manifest(
        name=folder.name, version=folder.version, task="tensor", signature=Tensors.of(signature), plan=plan, files={}
    )


def _check_signature(expected: Signature, received: Signature) -> None:
    """Refuse a model file whose inputs and outputs are not those that the manifest promises."""
    for part in ("inputs", "outputs"):
        promised, actual = (
            sorted(getattr(signature, part), key=attrgetter("name")) for signature in (expected, received)
        )
        if len(promised) != len(actual) or not all(map(_agree, promised, actual)):
            shown, has = (", ".join(map(_shown, specs)) for specs in (promised, actual))
            raise ModelInvalid(f"the manifest promises the {part} {shown}; the model has {has}")


def _agree(one: TensorSpec, other: TensorSpec) -> bool:
    """Whether both can mean the same tensor; a size that either leaves open is no difference."""
    if (one.name, one.dtype, len(one.shape)) != (other.name, other.dtype, len(other.shape)):
        return False
    return all(None in sizes or len(set(sizes)) == 1 for sizes in zip(one.shape, other.shape, strict=True))


def _shown(spec: TensorSpec) -> str:
    """A tensor in words, -1 being any size."""
    return f"{spec.name} {spec.dtype} {[-1 if size is None else size for size in spec.shape]}"


def _check_inputs(signature: Signature) -> None:
    """Refuse a model that no batch could be made for: an unknown dtype, or not any number of rows."""
    for spec in signature.inputs:
        if spec.dtype not in DTYPES.values():
            raise ModelInvalid(f"expected an input of one of {', '.join(DTYPES.values())}; received {_shown(spec)}")
        if not spec.shape or spec.shape[0] is not None:
            raise ModelInvalid(
                f"expected the rows as the first, free dimension of {spec.name!r}; received {_shown(spec)}; "
                "export it with a dynamic batch"
            )


def _is_inline(plan: Plan) -> bool:
    """Whether the plan's measured batches are short enough for the event loop."""
    seconds = plan.batch_seconds.get(plan.max_batch_rows)
    return plan.runtime == "onnx" and plan.instances == 1 and seconds is not None and seconds < INLINE_SECONDS


def _warm(runtime: Runtime, signature: Signature, max_rows: int) -> None:
    """Run the smallest and the largest batch, so that no caller pays for what a first run sets up.

    Where strings or free dimensions leave open what a right input is, nothing can be run beforehand.
    """
    if any(spec.dtype == "string" or None in spec.shape[1:] for spec in signature.inputs):
        return
    try:
        for rows in (1, max_rows):
            runtime.run({spec.name: _zeros(spec, rows) for spec in signature.inputs})
    except InferenceFailed as error:
        raise ModelInvalid(f"the model fails on a batch of zeros: {error}") from error


def _zeros(spec: TensorSpec, rows: int) -> Array:
    """Zeros in the input's shape."""
    return np.zeros((rows, *(size for size in spec.shape[1:] if size is not None)), dtype=spec.dtype)
