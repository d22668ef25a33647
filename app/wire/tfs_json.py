"""What the bodies of TensorFlow Serving's REST have in common.

After tensorflow/serving, tensorflow_serving/g3doc/api_rest.md and tensorflow_serving/util/json_tensor.cc. Other than
there, a key that means nothing is refused: it is a misspelt one.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.errors import InputInvalid
from app.nearest import nearest_hint
from app.nested import leaf_types
from app.types import Array
from app.wire.json_tensors import json_of
from app.wire.oip_tensors import decoded, encoded
from app.wire.signature_def import SIGNATURE

SIGNATURE_NAME = "signature_name"
BASE64 = "b64"
BYTES_SUFFIX = "_bytes"
"""Outputs of strings with such a name are bytes, which go out in base64."""


def asked_in(body: bytes, keys: Sequence[str]) -> dict[str, Any]:
    """The object that a body holds, which has these keys besides `signature_name`.

    Raises `BodyMalformed`, and `InputInvalid` for another key and for a signature that no model here has.
    """
    asked = json_of(body)
    if not isinstance(asked, dict):
        raise InputInvalid.at("", "an object as the body", type(asked).__name__)
    known = [*keys, SIGNATURE_NAME]
    for key in asked:
        if key not in known:
            hint = nearest_hint(key[:64], known)
            raise InputInvalid.at("", f"the keys {', '.join(known)}{hint}", repr(key[:64]))
    signature = asked.get(SIGNATURE_NAME, SIGNATURE)
    if not isinstance(signature, str):
        raise InputInvalid.at(f"/{SIGNATURE_NAME}", "a string", type(signature).__name__)
    if signature not in ("", SIGNATURE):
        raise InputInvalid.at(f"/{SIGNATURE_NAME}", f"{SIGNATURE!r}, the model's one signature", repr(signature[:64]))
    return asked


def is_base64(value: Any) -> bool:
    """Whether this is `{"b64": …}`, which stands for a string of any bytes."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(BASE64), str)


def bytes_of(value: Any, pointer: str) -> bytes:
    """The bytes that `{"b64": …}` stands for, padded or not; raises `InputInvalid` for anything else."""
    if not is_base64(value):
        raise InputInvalid.at(pointer, f'a string or {{"{BASE64}": …}}', "another object")
    text = value[BASE64]
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise InputInvalid.at(f"{pointer}/{BASE64}", "base64", repr(text[:32])) from None


def texts_of(values: Any, pointer: str) -> Any:
    """Nested lists with each `{"b64": …}` as the string that it stands for; raises `InputInvalid`."""
    return _texts(values, pointer) if dict in leaf_types([values]) else values


def values_of(array: Array, name: str) -> Any:
    """An output as nested lists; raises `InputInvalid` for bytes that are no text where the name does not say so."""
    if array.dtype.kind not in "OSU":
        return array.tolist()
    told = np.empty(array.size, object)
    told[:] = [_told(text, name) for text in map(encoded, array.ravel().tolist())]
    return told.reshape(array.shape).tolist()


def _texts(values: Any, pointer: str) -> Any:
    """The same, value by value."""
    if isinstance(values, list):
        return [_texts(value, pointer) for value in values]
    return decoded(bytes_of(values, pointer)) if isinstance(values, dict) else values


def _told(text: bytes, name: str) -> Any:
    """One string of an output."""
    if name.endswith(BYTES_SUFFIX):
        return {BASE64: base64.b64encode(text).decode()}
    try:
        return text.decode()
    except UnicodeDecodeError:
        expected = f"text in an output whose name does not end with {BYTES_SUFFIX}; ask over gRPC, or the binary /v2"
        raise InputInvalid.at(f"/outputs/{name}", expected, "bytes that are no UTF-8") from None
