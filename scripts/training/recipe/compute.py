"""`[compute]`: the arithmetic of the training; what is exported computes in float32 all the same."""

from typing import Literal

from scripts.training.recipe.part import Part


class Compute(Part):
    """Mixed precision (Micikevicius et al. 2018) and XLA.

    With a mixed `precision` the layers compute in 16 bits and keep their weights in 32: `mixed_float16` suits GPUs and
    scales the loss, `mixed_bfloat16` suits GPUs and the newer processors. `xla` compiles each training step as one; it
    takes no LSTM, for which TensorFlow has kernels of its own.
    """

    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32"
    xla: bool = False
