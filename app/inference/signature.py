"""Whether a model takes and gives what it should: what its manifest promises, and what a batch can be made for."""

from operator import attrgetter

from app.errors import ModelInvalid
from app.inference.runtimes.onnx import DTYPES
from app.types import Signature, TensorSpec


def check_signature(promised: Signature | None, received: Signature) -> None:
    """Refuse a model whose inputs cannot be batched, or that differs from what is `promised`; raises `ModelInvalid`.

    A size that either leaves open is no difference; None promises nothing.
    """
    if promised is not None:
        _check_promise(promised, received)
    for spec in received.inputs:
        if spec.dtype not in DTYPES.values():
            raise ModelInvalid(f"expected an input of one of {', '.join(DTYPES.values())}; received {_shown(spec)}")
        if not spec.shape or spec.shape[0] is not None:
            raise ModelInvalid(
                f"expected the rows as the first, free dimension of {spec.name!r}; received {_shown(spec)}; "
                "export it with a dynamic batch"
            )


def _check_promise(promised: Signature, received: Signature) -> None:
    """Refuse a model file whose inputs and outputs are not those that the manifest promises."""
    for part in ("inputs", "outputs"):
        expected, actual = (
            sorted(getattr(signature, part), key=attrgetter("name")) for signature in (promised, received)
        )
        if len(expected) != len(actual) or not all(map(_agree, expected, actual)):
            shown, has = (", ".join(map(_shown, specs)) for specs in (expected, actual))
            raise ModelInvalid(f"the manifest promises the {part} {shown}; the model has {has}")


def _agree(one: TensorSpec, other: TensorSpec) -> bool:
    """Whether both can mean the same tensor."""
    if (one.name, one.dtype, len(one.shape)) != (other.name, other.dtype, len(other.shape)):
        return False
    return all(None in sizes or len(set(sizes)) == 1 for sizes in zip(one.shape, other.shape, strict=True))


def _shown(spec: TensorSpec) -> str:
    """A tensor in words, -1 being any size."""
    return f"{spec.name} {spec.dtype} {[-1 if size is None else size for size in spec.shape]}"
