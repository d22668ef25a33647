"""One signature of a SavedModel as a function."""

from pathlib import Path
from typing import Any

import tensorflow as tf

from app.conversion.errors import SourceInvalid
from app.conversion.function import ServingFunction
from app.nearest import nearest_hint
from app.types import TensorSpec


def read_saved_model(folder: Path, signature: str) -> ServingFunction:
    """Load the SavedModel; raises `SourceInvalid` where TensorFlow cannot, or it has no signature of that name."""
    try:
        loaded = tf.saved_model.load(str(folder))
    except Exception as error:  # whatever TensorFlow finds wrong with the folder
        raise SourceInvalid(f"TensorFlow {tf.__version__} cannot load {folder.name}: {error}") from error
    # TensorFlow's own, which initialises variables, is nothing that a user wrote.
    known = [name for name in loaded.signatures if not name.startswith("__")]
    if signature not in known:
        hint = nearest_hint(signature, known) or f"; it has: {', '.join(known) or 'none'}"
        raise SourceInvalid(f"expected a signature {signature!r} in {folder.name}{hint}; name one with --signature")
    function = loaded.signatures[signature]
    specs = function.structured_input_signature[1]
    inputs = tuple(TensorSpec(name, spec.dtype.name, _sizes(spec)) for name, spec in specs.items())

    def call(*tensors: Any) -> dict[str, Any]:
        outputs = function(**dict(zip(specs, tensors, strict=True)))
        return {name: tf.identity(value) for name, value in outputs.items()}

    return ServingFunction(inputs, call, [loaded])


def _sizes(spec: Any) -> tuple[int | None, ...]:
    """The shape; an unknown rank counts as rows."""
    return tuple(spec.shape.as_list()) if spec.shape.rank is not None else (None,)
