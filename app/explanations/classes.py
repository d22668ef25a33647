"""Which models can be explained, and which of their classes."""

from collections.abc import Sequence

from app.errors import InputInvalid
from app.lifecycle.served_model import ServedModel
from app.nearest import nearest_hint
from app.types import Prediction

EXPLAINED = ("digit", "sentiment", "topic")
"""The tasks whose inputs have parts that can be left out, and whose outputs are probabilities."""


def is_explained(model: ServedModel) -> bool:
    """Whether the model's answers can be explained."""
    return model.manifest.task in EXPLAINED


def classes_of(model: ServedModel) -> Sequence[str]:
    """The classes of an explained model, in its output's order."""
    if model.manifest.task == "digit":
        return [str(digit) for digit in range(10)]
    return model.manifest.labels


def check_class(model: ServedModel, asked: str | None) -> None:
    """Raise `InputInvalid` for a model that cannot be explained, and for a class that it does not have."""
    if not is_explained(model):
        expected = f"a model of one of the tasks {', '.join(EXPLAINED)}, which alone can be explained"
        raise InputInvalid.at("", expected, f"{model.name}, whose task is {model.manifest.task}")
    classes = classes_of(model)
    if asked is not None and asked not in classes:
        hint = nearest_hint(asked[:64], classes)
        raise InputInvalid.at("", f"{', '.join(classes)} in ?class{hint}", repr(asked[:64]))


def place_of(model: ServedModel, prediction: Prediction, likeliest: int, asked: str | None) -> int:
    """The place of the class that is asked for, else of the predicted one; of a prediction that is none, `likeliest`.

    A sentiment may be predicted to be neutral, which lies between the two classes.
    """
    classes = classes_of(model)
    key = model.task.label_key
    predicted = str(prediction[key]) if key else ""  # type: ignore[literal-required]
    name = predicted if asked is None else asked
    return classes.index(name) if name in classes else likeliest
