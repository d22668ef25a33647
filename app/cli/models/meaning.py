"""What an added model's tensors mean: the task that serves it, and its labels where it has some."""

from dataclasses import dataclass
from typing import Literal

from app.cli.models.labels import FILE, found_labels, given_labels
from app.conversion.result import Converted
from app.conversion.source import Source
from app.errors import ModelInvalid
from app.processing.mnist import DIGITS, SIDE
from app.tasks.tensor import labelled_output
from app.types import Signature

AddedTask = Literal["tensor", "digit"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The task and the labels; `note` says why labels that lay there are left out."""

    task: AddedTask
    labels: tuple[str, ...] = ()
    note: str | None = None


def meaning_of(task: AddedTask, labels: str | None, source: Source, made: Converted) -> Meaning:
    """What the user says that the model means; raises `HorngateError` where its signature cannot mean that."""
    if task == "digit":
        _expect_digits(made.signature)
        return Meaning(task)
    names = found_labels(source) if labels is None else given_labels(labels)
    reason = _why_not(names, made) if names else None
    if reason is None:
        return Meaning(task, names)
    if labels is not None:
        raise ModelInvalid(reason)
    return Meaning(task, note=f"{FILE} is left out: {reason}")


def _why_not(labels: tuple[str, ...], made: Converted) -> str | None:
    """Why these cannot be the labels of an output."""
    output = labelled_output(made.signature, labels)
    if output is None:
        shown = ", ".join(f"{spec.name} {_sizes(spec.shape)} {spec.dtype}" for spec in made.signature.outputs)
        return f"expected an output [-1, {len(labels)}] of floats for {len(labels)} labels; received {shown}"
    if output not in made.probabilities:
        return (
            f"expected probabilities in {output!r}: numbers from 0 to 1 that sum to 1 in each row; it gave others to "
            "random rows; put a softmax behind it"
        )
    return None


def _expect_digits(signature: Signature) -> None:
    """Raise `ModelInvalid` unless the model reads pictures of digits and tells ten classes."""
    shapes = [[(spec.dtype, spec.shape) for spec in part] for part in (signature.inputs, signature.outputs)]
    expected = [[("float32", (None, SIDE, SIDE, 1))], [("float32", (None, len(DIGITS)))]]
    if shapes != expected:
        shown = ", ".join(f"{spec.name} {_sizes(spec.shape)} {spec.dtype}" for spec in signature.inputs)
        raise ModelInvalid(
            f"expected one input [-1, {SIDE}, {SIDE}, 1] float32 and one output [-1, {len(DIGITS)}] float32 for the "
            f"task digit; received the inputs {shown}; add it as a tensor model"
        )


def _sizes(shape: tuple[int | None, ...]) -> list[int]:
    """The shape with -1 for any size."""
    return [-1 if size is None else size for size in shape]
