"""The outputs that a request of the Open Inference Protocol wants, whatever it came by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.errors import InputInvalid
from app.nearest import nearest_hint
from app.types import Array, Inference
from app.wire.oip_classification import classes_of


@dataclass(frozen=True, slots=True)
class WantedOutput:
    """An output that is asked for: as bytes or in JSON, as numbers or as the names of so many classes."""

    name: str
    is_binary: bool
    classes: int | None = None


def wanted_outputs(
    asked: Sequence[WantedOutput] | None, known: Collection[str], *, is_binary: bool
) -> Sequence[WantedOutput]:
    """The outputs that are asked for, or all that are `known` where that is None, as bytes where `is_binary`.

    Raises `InputInvalid`, with the nearest name, for one that is not known.
    """
    if asked is None:
        return [WantedOutput(name, is_binary) for name in known]
    for wanted in asked:
        if wanted.name not in known:
            hint = nearest_hint(wanted.name[:64], known)
            received = f"an output {wanted.name[:64]!r}"
            raise InputInvalid.at("/outputs", f"the outputs {', '.join(known)}{hint}", received)
    return asked


def output_of(wanted: WantedOutput, inference: Inference, labels: Sequence[str]) -> Array:
    """An output, or the names of its classes; raises `InputInvalid` for one that has no classes."""
    array = inference.outputs[wanted.name]
    if wanted.classes is None:
        return array
    return classes_of(array, wanted.classes, labels, f"/outputs/{wanted.name[:64]}")
