"""Tensor bodies: `{"inputs": …}` with nested lists."""

from app.errors import InputInvalid
from app.http.bodies.inputs import Inputs, Limits, read_json
from app.http.body import Body
from app.http.schemas import TensorBody
from app.types import Signature, rows_of
from app.validation import check_rows, check_tensors


def read_tensors(body: Body, signature: Signature, limits: Limits) -> Inputs:
    """The model's tensors as one item; raises `RequestInvalid` for what does not fit the signature."""
    given = read_json(body, TensorBody).inputs
    if isinstance(given, list):
        if len(signature.inputs) != 1:
            names = ", ".join(spec.name for spec in signature.inputs)
            raise InputInvalid.at("/inputs", f"an object with the inputs {names}", "a list")
        given = {signature.inputs[0].name: given}
    tensors = check_tensors(given, signature)
    check_rows(rows_of(tensors), limits.max_rows)
    return Inputs([tensors], is_many=True)
