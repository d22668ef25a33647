"""What a batch must be like before an engine that would take anything sees it."""

from collections.abc import Sequence

from app.errors import InferenceFailed
from app.types import Array, Tensors, TensorSpec


def check_inputs(specs: Sequence[TensorSpec], tensors: Tensors) -> None:
    """Raise `InferenceFailed` where `tensors` are not exactly the inputs: names, dtypes, ranks and fixed sizes.

    OpenVINO answers a missing input with the batch before, and both it and TensorFlow convert other dtypes silently.
    """
    if len(tensors) != len(specs) or any(spec.name not in tensors for spec in specs):
        expected = ", ".join(spec.name for spec in specs)
        raise InferenceFailed(f"expected the inputs {expected}; received {', '.join(tensors) or 'none'}")
    for spec in specs:
        array = tensors[spec.name]
        if not _has_dtype(array, spec.dtype):
            raise InferenceFailed(f"expected {spec.dtype} for {spec.name!r}; received {array.dtype.name}")
        if not _has_shape(array, spec.shape):
            shown = [-1 if size is None else size for size in spec.shape]
            raise InferenceFailed(f"expected the shape {shown} for {spec.name!r}; received {list(array.shape)}")


def _has_dtype(array: Array, dtype: str) -> bool:
    """Whether the array holds what the spec says; strings come as objects, as text or as bytes."""
    return array.dtype.kind in "OUS" if dtype == "string" else array.dtype.name == dtype


def _has_shape(array: Array, shape: tuple[int | None, ...]) -> bool:
    """Whether every fixed size is met."""
    return len(array.shape) == len(shape) and all(
        size is None or size == actual for size, actual in zip(shape, array.shape, strict=True)
    )
