"""What is exported: a function of named tensors, whatever it was made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from app.types import Tensors, TensorSpec


@dataclass(frozen=True, slots=True)
class ServingFunction:
    """`call` takes TensorFlow's tensors of the `inputs`, in their order, and gives the outputs by name.

    `resources` are the variables and tables that it reads, and that have to be saved with it.
    """

    inputs: tuple[TensorSpec, ...]
    call: Callable[..., dict[str, Any]]
    resources: Sequence[Any]

    def traced(self) -> Any:
        """The same as a TensorFlow function of these inputs only."""
        return tf.function(self.call, input_signature=self.tensor_specs())

    def answers(self, tensors: Tensors) -> Tensors:
        """What it gives for these rows."""
        given = [tf.constant(tensors[spec.name], spec.dtype) for spec in self.inputs]
        return {name: value.numpy() for name, value in self.call(*given).items()}

    def tensor_specs(self) -> list[Any]:
        """The inputs as TensorFlow describes them."""
        return [tf.TensorSpec(spec.shape, spec.dtype, name=spec.name) for spec in self.inputs]
