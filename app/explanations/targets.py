"""What gradients are taken of: an output of numbers, and its classes where its numbers are probabilities."""

from collections.abc import Sequence
from typing import NamedTuple

from app.errors import InputInvalid
from app.explanations.classes import classes_of, place_of
from app.inference.runtimes.gradients import Aim
from app.lifecycle.served_model import ServedModel
from app.tasks.tensor import labelled_output
from app.types import Array, Prediction, Tensors


class Target(NamedTuple):
    """The output, by its name, and its `classes`; none where its numbers mean something else."""

    name: str
    classes: Sequence[str]

    def aim(self, element: int) -> Aim:
        """What the runtime is asked for."""
        return Aim(self.name, element, is_class=bool(self.classes))


def target_of(model: ServedModel) -> Target:
    """The output whose classes are known, else the first of floating-point numbers, which every explained model has."""
    outputs, classes = model.signature.outputs, classes_of(model)
    if model.manifest.task != "tensor":
        return Target(outputs[0].name, classes)
    labelled = labelled_output(model.signature, classes)
    targets = [
        Target(spec.name, classes if spec.name == labelled else ())
        for spec in outputs
        if spec.name == labelled or (labelled is None and spec.dtype.startswith("float"))
    ]
    return targets[0]


def element_of(model: ServedModel, target: Target, outputs: Tensors, prediction: Prediction, asked: str | None) -> int:
    """The number of the output that is explained: the class or the number asked for, else what was predicted.

    Without classes that is the largest. Raises `InputInvalid` for a number that the output does not have, and for
    probabilities that are none.
    """
    values = outputs[target.name].reshape(-1)
    if target.classes:
        if values.min() < 0 or values.max() > 1:
            expected = f"a model whose {target.name!r}, which has labels, are probabilities"
            raise InputInvalid.at("", expected, f"{values.min():g} to {values.max():g}")
        return place_of(model, prediction, int(values.argmax()), asked)
    if asked is None:
        return int(values.argmax())
    return _number(asked, values)


def _number(asked: str, values: Array) -> int:
    """A place among an output's numbers."""
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18 and int(asked) < len(values)):
        expected = f"0 to {len(values) - 1:,} in ?class, a place among the output's numbers"
        raise InputInvalid.at("", expected, repr(asked[:64]))
    return int(asked)
