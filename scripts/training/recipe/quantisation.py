"""`[quantisation]`: the model with eight bits a weight, measured beside the one with thirty-two."""

from typing import Literal

from scripts.training.recipe.part import Part


class Quantisation(Part):
    """Measure the finished model with int8 weights beside the float one: accuracy, size and speed, in the report.

    On TensorFlow the weights are int8 and become float again in every call; ONNX Runtime quantises dynamically, that is
    the inputs of its integer operations too. The exported version keeps its float weights.
    """

    weights: Literal["int8"]
