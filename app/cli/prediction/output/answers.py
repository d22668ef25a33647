"""The columns that answers add to a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cli.prediction.model import Failed, Model, Told
from app.labelled.errors import DataInvalid
from app.tasks.tensor import labelled_output
from app.types import Signature, TensorSpec

ANSWER, SCORE, ERROR = "answer", "score", "error"


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """The columns of one model's answers: its class, score and probabilities, its outputs, and what went wrong.

    `prefix` stands before every name; `labels` are empty where the model has no classes, `outputs` where it has a task.
    """

    prefix: str
    labels: tuple[str, ...]
    outputs: tuple[TensorSpec, ...]
    is_digit: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        classes = (ANSWER, SCORE, *(f"p({label})" for label in self.labels)) if self.labels else ()
        outputs = (spec.name for spec in self.outputs)
        return tuple(f"{self.prefix}{name}" for name in (*classes, *outputs, ERROR))

    def values(self, told: Told) -> list[Any]:
        """What stands in them; nothing but the error where there is one."""
        if isinstance(told, Failed):
            return [*([None] * (len(self.names) - 1)), told.reason]
        found: Mapping[str, Any] = dict(told)
        return [*(self._classes(found) if self.labels else ()), *self._outputs(found), None]

    def _classes(self, found: Mapping[str, Any]) -> list[Any]:
        shares = found["probabilities"]
        each = shares if isinstance(shares, list) else [shares[label] for label in self.labels]
        return [found["digit"] if self.is_digit else found["label"], found["score"], *each]

    def _outputs(self, found: Mapping[str, Any]) -> list[Any]:
        return [found["outputs"][spec.name] for spec in self.outputs]


def answer_columns(model: Model, columns: Sequence[str], prefix: str) -> AnswerColumns:
    """The columns that the model's answers add to a table that has `columns`.

    Raises `DataInvalid` where one of their names is taken.
    """
    is_tensor = model.kind == "tensors"
    has_classes = not is_tensor or labelled_output(Signature(model.inputs, model.outputs), model.labels)
    labels = model.labels if has_classes else ()
    made = AnswerColumns(prefix, labels, model.outputs if is_tensor else (), model.task == "digit")
    taken = [name for name in made.names if name in columns]
    if taken:
        raise DataInvalid(
            f"expected no column {taken[0]!r}, which the answers have; name theirs otherwise: --prefix {model.name}_"
        )
    return made
