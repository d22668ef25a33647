"""Predict, Classify and Regress: from a body to tensors, and from what the model gives to the answer's bytes."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.lifecycle.served_model import ServedModel
from app.types import Inference, Tensors
from app.validation import check_arrays, check_names
from app.wire.tf_examples import examples_of, tensors_of
from app.wire.tf_results import classifications_of, regressions_of
from app.wire.tfs_examples import EXAMPLES, read_examples, write_classifications, write_regressions
from app.wire.tfs_predict import read_predict, write_predict
from app.wire.tfs_predict import tensors_of as tensors_of_columns


class Reading(NamedTuple):
    """What a body asks for: the model's tensors, checked, and how the answer is written."""

    tensors: Tensors
    write: Callable[[Inference], bytes]


def _predict(body: bytes, model: ServedModel) -> Reading:
    """Tensors in, tensors out."""
    signature = model.signature
    request = read_predict(body, signature)
    check_names(request.columns, signature, request.pointer)
    arrays = tensors_of_columns(request, signature, body)
    tensors = check_arrays(arrays, signature, request.pointer)
    return Reading(tensors, lambda inference: write_predict(inference.outputs, is_by_rows=request.is_by_rows))


def _classify(body: bytes, model: ServedModel) -> Reading:
    """Examples in, each row's classes out."""
    labels = model.manifest.labels
    return Reading(
        _examples(body, model),
        lambda inference: write_classifications(classifications_of(inference.outputs, labels)),
    )


def _regress(body: bytes, model: ServedModel) -> Reading:
    """Examples in, a number for each out."""
    return Reading(_examples(body, model), lambda inference: write_regressions(regressions_of(inference.outputs)))


def _examples(body: bytes, model: ServedModel) -> Tensors:
    """The examples of a body as the model's tensors."""
    pointer = f"/{EXAMPLES}"
    examples = examples_of(read_examples(body, model.signature))
    return check_arrays(tensors_of(examples, model.signature, pointer), model.signature, pointer)


METHODS: Mapping[str, Callable[[bytes, ServedModel], Reading]] = {
    "predict": _predict,
    "classify": _classify,
    "regress": _regress,
}
"""How each method's body is read; all raise `BodyMalformed` and `InputInvalid`."""
