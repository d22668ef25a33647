"""A Keras model with names for what it takes and gives."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from tensorflow.saved_model.experimental import TrackableResource

from app.conversion.errors import SourceInvalid
from app.conversion.function import ServingFunction
from app.types import Signature, Tensors, TensorSpec

EXPORT = "export it where its code is at hand, model.export('folder'), and add that folder"
UNKNOWN = re.compile(r"Could not locate (?:class|function) '([^']+)'")
LONGEST_CAUSE = 300


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model whose flat `inputs` go into it as its own `structure`, and whose flat `outputs` have these names.

    A model that gives a flat dictionary names its outputs itself.
    """

    model: keras.Model
    structure: Any
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[str, ...]

    @classmethod
    def of(cls, model: keras.Model, signature: Signature) -> "NamedModel":
        """A model of one input and one output, with the names of a signature."""
        return cls(model, model.inputs[0], signature.inputs, (signature.outputs[0].name,))

    def serving_function(self) -> ServingFunction:
        """The model as it is served, with its weights and tables."""
        variables = [variable.value for variable in self.model.variables]
        return ServingFunction(self.inputs, self._call, [*variables, *_tables(self.model)])

    def answers(self, tensors: Tensors) -> Tensors:
        """What Keras itself says to these rows."""
        given = self._packed([tf.constant(tensors[spec.name], spec.dtype) for spec in self.inputs])
        return self._named(self.model.predict_on_batch(given))

    def _call(self, *tensors: Any) -> dict[str, Any]:
        """The outputs, each of them a tensor of its own also where it is an input, or two are the same."""
        answer = self.model(self._packed(tensors), training=False)
        return {name: tf.identity(value) for name, value in self._named(answer).items()}

    def _packed(self, tensors: Sequence[Any]) -> Any:
        """The tensors as the model takes them."""
        return keras.tree.pack_sequence_as(self.structure, list(tensors))

    def _named(self, answer: Any) -> dict[str, Any]:
        """The model's outputs by name."""
        flat = keras.tree.flatten(answer)
        if isinstance(answer, dict) and len(answer) == len(flat):
            return dict(answer)
        return dict(zip(self.outputs, flat, strict=True))


def read_keras(path: Path) -> NamedModel:
    """Read a `.keras` file; raises `SourceInvalid` where Keras cannot, or the model does not say what it takes."""
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # whatever Keras finds wrong with the file
        raise SourceInvalid(f"Keras {keras.__version__} cannot read {path.name}: {_cause(error)}") from error
    structure = _structure(model)
    tensors = keras.tree.flatten(structure)
    for tensor in tensors:
        if tensor.sparse or tensor.ragged:
            raise SourceInvalid(f"expected dense inputs; {tensor.name!r} is sparse or ragged; make it dense before")
    is_flat = isinstance(structure, dict) and len(structure) == len(tensors)
    names = _unique(sorted(structure) if is_flat else [tensor.name for tensor in tensors])
    inputs = tuple(
        TensorSpec(name, tensor.dtype, tuple(tensor.shape)) for name, tensor in zip(names, tensors, strict=True)
    )
    return NamedModel(model, structure, inputs, tuple(_unique(_output_names(model))))


def _structure(model: keras.Model) -> Any:
    """What the model takes, as its author nested it."""
    if not getattr(model, "inputs", None):
        raise SourceInvalid(f"{model.name} does not say what it takes: it has no keras.Input; {EXPORT}")
    return model.inputs[0] if isinstance(model, keras.Sequential) else model.input


def _output_names(model: keras.Model) -> list[str]:
    """A name for each of the flat outputs: the layer's that gives it."""
    return [model.layers[-1].name] if isinstance(model, keras.Sequential) else list(model.output_names)


def _unique(names: Sequence[str]) -> list[str]:
    """The same as names that every format takes, those that come again with their number."""
    plain = [re.sub(r"\W", "_", name, flags=re.ASCII) for name in names]
    seen: Counter[str] = Counter()
    made = []
    for name in plain:
        made.append(f"{name}_{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return made


def _tables(model: keras.Model) -> list[Any]:
    """The vocabularies of the layers that look strings up."""
    return [each for each in tf.train.TrackableView(model).descendants() if isinstance(each, TrackableResource)]


def _cause(error: Exception) -> str:
    """What Keras found, and what to do about it."""
    told = str(error)
    unknown = UNKNOWN.search(told)
    if unknown:
        return f"the file does not hold the code of the custom {unknown[1]!r}; {EXPORT}"
    if "Lambda" in told:
        return f"it has a Lambda layer, whose code Keras does not run from a file; {EXPORT}"
    last = told.strip().rsplit("Exception encountered: ", 1)[-1] or type(error).__name__
    return " ".join(last[:LONGEST_CAUSE].split())
