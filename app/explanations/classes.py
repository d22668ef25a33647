"""Which models can be explained, by which method, and which of their classes."""

from collections.abc import Sequence

from app.errors import InputInvalid
from app.explanations.wish import INTEGRATED_GRADIENTS, OCCLUSION, Method, Wish
from app.lifecycle.served_model import ServedModel
from app.nearest import nearest_hint
from app.processing.mnist import DIGITS
from app.repository.manifest import RuntimeName
from app.tasks.tensor import labelled_output
from app.types import Prediction

OCCLUDED = ("digit", "sentiment", "topic")
"""The tasks whose inputs have parts that can be left out, and whose outputs are probabilities."""

DIFFERENTIATING: frozenset[RuntimeName] = frozenset({"tensorflow", "tensorflow-xla"})
"""The runtimes that give gradients."""


def methods_of(model: ServedModel) -> Sequence[Method]:
    """The methods by which the model's answers can be explained; none for some models."""
    occluded = (OCCLUSION,) if model.manifest.task in OCCLUDED else ()
    return occluded if why_no_gradients(model) else (*occluded, INTEGRATED_GRADIENTS)


def why_no_gradients(model: ServedModel) -> tuple[str, str] | None:
    """What integrated gradients would need, and what the model has instead; None where nothing is missing."""
    tensors = {"output": model.signature.outputs}
    if model.manifest.task == "tensor":
        tensors["input"] = model.signature.inputs
    for side, specs in tensors.items():
        if not any(spec.dtype.startswith("float") for spec in specs):
            return f"a model with an {side} of floating-point numbers", ", ".join(spec.dtype for spec in specs)
    if model.running.runtime not in DIFFERENTIATING:
        place = f"{model.name}/{model.version}"
        change = f"to change that, run `horngate calibrate {place} --runtimes tensorflow` and start again"
        return f"a model that TensorFlow runs, for gradients; {change}", f"one that runs on {model.running.runtime}"
    return None


def classes_of(model: ServedModel) -> Sequence[str]:
    """The classes of a model, in its output's order; none where no output has them."""
    if model.manifest.task == "digit":
        return DIGITS
    labels = model.manifest.labels
    has_classes = model.manifest.task != "tensor" or labelled_output(model.signature, labels) is not None
    return labels if has_classes else ()


def check_wish(model: ServedModel, wish: Wish) -> None:
    """Raise `InputInvalid` for a model that cannot be explained in this way, and for a class that it does not have.

    Whether an output without classes has so many numbers shows only once it is there.
    """
    _check_method(model, wish.method)
    classes = classes_of(model)
    if wish.class_name is not None and classes and wish.class_name not in classes:
        hint = nearest_hint(wish.class_name[:64], classes)
        raise InputInvalid.at("", f"{', '.join(classes)} in ?class{hint}", repr(wish.class_name[:64]))


def _check_method(model: ServedModel, method: Method) -> None:
    """Raise `InputInvalid` where it does not suit the model."""
    methods = methods_of(model)
    if method in methods:
        return
    missing = why_no_gradients(model)
    if method == INTEGRATED_GRADIENTS and missing:
        raise InputInvalid.at("", *missing)
    expected = f"a model of one of the tasks {', '.join(OCCLUDED)}, which alone can be explained by occlusion"
    other = f"; ask for ?method={INTEGRATED_GRADIENTS}" if methods else ""
    raise InputInvalid.at("", expected + other, f"{model.name}, whose task is {model.manifest.task}")


def place_of(model: ServedModel, prediction: Prediction, likeliest: int, asked: str | None) -> int:
    """The place of the class that is asked for, else of the predicted one; of a prediction that is none, `likeliest`.

    A sentiment may be predicted to be neutral, which lies between the two classes.
    """
    classes = classes_of(model)
    key = model.task.label_key
    predicted = str(prediction[key]) if key else ""  # type: ignore[literal-required]
    name = predicted if asked is None else asked
    return classes.index(name) if name in classes else likeliest
