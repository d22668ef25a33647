"""What every body of TensorFlow Serving's REST may hold, and how its strings are written."""

import numpy as np
import pytest

from app.errors import BodyMalformed, InputInvalid
from app.wire.tfs_json import asked_in, bytes_of, texts_of, values_of


def test_a_body_has_the_keys_of_its_method_and_may_name_the_one_signature() -> None:
    for signature in ("", "serving_default"):
        asked = {"signature_name": signature, "instances": [1]}
        body = b'{"signature_name": "%s", "instances": [1]}' % signature.encode()
        assert asked_in(body, ("instances",)) == asked


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "expected an object as the body; received list"),
        (b'{"instance": [1]}', r"the keys instances, signature_name; did you mean 'instances'\?; received 'instance'"),
        (b'{"signature_name": 1}', "/signature_name: expected a string; received int"),
        (b'{"signature_name": "classify"}', "expected 'serving_default', the model's one signature; received 'classi"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected(body: bytes, message: str) -> None:
    with pytest.raises(InputInvalid, match=message):
        asked_in(body, ("instances",))


def test_a_body_that_is_no_json_is_malformed() -> None:
    with pytest.raises(BodyMalformed):
        asked_in(b"instances = [1, 2]", ("instances",))


def test_base64_stands_for_text_where_it_is_text_and_else_for_bytes() -> None:
    values = [["plain", {"b64": "5aW9"}], [{"b64": "/w=="}, {"b64": "/w"}]]
    assert texts_of(values, "/x") == [["plain", "好"], [b"\xff", b"\xff"]]


@pytest.mark.parametrize(
    "value", [{"b64": "§"}, {"b64": "YQ==YQ=="}, {"b64": 1}, {"b65": "YQ=="}, {"b64": "a", "c": 1}]
)
def test_what_is_no_base64_is_refused(value: dict) -> None:
    with pytest.raises(InputInvalid, match="/x"):
        bytes_of(value, "/x")


def test_strings_go_out_as_text_and_where_the_name_says_bytes_in_base64() -> None:
    array = np.array([["a", b"\xe5\xa5\xbd"]], object)
    assert values_of(array, "words") == [["a", "好"]]
    assert values_of(array, "words_bytes") == [[{"b64": "YQ=="}, {"b64": "5aW9"}]]
    assert values_of(np.array([[b"\xff"]], object), "raw_bytes") == [[{"b64": "/w=="}]]


def test_bytes_that_are_no_text_need_a_name_that_says_so() -> None:
    with pytest.raises(
        InputInvalid, match="/outputs/words: expected text in an output whose name does not end with _b"
    ):
        values_of(np.array([b"\xff"], object), "words")
