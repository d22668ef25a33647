"""What can go wrong when a model is converted."""

from app.errors import HorngateError


class SourceInvalid(HorngateError):
    """What is to be converted is no model, or one that cannot be served; the message says what to do."""

    code = "source_invalid"
    title = "The model cannot be read"


class ConversionFailed(HorngateError):
    """The model could not be turned into an ONNX graph; the message is the converter's."""

    code = "conversion_failed"
    title = "The model cannot be converted"


class ParityFailed(HorngateError):
    """A converted model differs from its source; it does not count."""

    code = "parity_failed"
    title = "The export differs from the model"
