"""Examples as JSON, and the results of them."""

import json

import pytest

from app.errors import InputInvalid
from app.types import Signature, TensorSpec
from app.wire.protos.tensorflow_serving_pb2 import Input
from app.wire.tf_examples import examples_of, tensors_of
from app.wire.tfs_examples import read_examples, write_classifications, write_regressions

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)), TensorSpec("word", "string", (None,))), ())


def read(body: str) -> Input:
    return read_examples(body.encode(), SIGNATURE)


def test_examples_are_the_models_rows_whatever_they_share_in_a_context() -> None:
    request = read('{"context": {"word": "a"}, "examples": [{"x": [1, 2.5]}, {"x": [3, 4], "word": {"b64": "Yg=="}}]}')
    tensors = tensors_of(examples_of(request), SIGNATURE, "/examples")
    assert tensors["x"].tolist() == [[1, 2.5], [3, 4]]
    assert tensors["word"].tolist() == ["a", "b"]


def test_a_feature_has_the_kind_of_its_values() -> None:
    features = (
        read('{"examples": [{"i": [1, true], "f": 1.5, "s": "a", "none": []}]}').example_list.examples[0].features
    )
    kinds = {name: feature.WhichOneof("kind") for name, feature in features.feature.items()}
    assert kinds == {"i": "int64_list", "f": "float_list", "s": "bytes_list", "none": None}
    assert list(features.feature["i"].int64_list.value) == [1, 1]


def test_infinity_may_be_written_once_in_the_context_of_many() -> None:
    request = read('{"context": {"x": [Infinity, NaN]}, "examples": [{}, {}, {}]}')
    assert tensors_of(examples_of(request), Signature(SIGNATURE.inputs[:1], ()))["x"].shape == (3, 2)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", "/examples: expected a list of at least one example; received none"),
        ('{"examples": []}', "received an empty list"),
        ('{"examples": {}}', "received dict"),
        ('{"examples": [1]}', "/examples/0: expected an object of features; received int"),
        ('{"context": 1, "examples": [{}]}', "/context: expected an object of features; received int"),
        ('{"instances": [1]}', "did you mean|the keys examples, context, signature_name"),
        ('{"examples": [{"x": [[1]]}]}', "/examples/0/x: expected a value or a flat list of values"),
        ('{"examples": [{"y": [1, "a"]}]}', "/examples/0/y: .*received int, str"),
        ('{"examples": [{"y": null}]}', "/examples/0/y: .*received NoneType"),
        ('{"examples": [{"y": {"b64": 1}}]}', "/examples/0/y: expected a string"),
        ('{"examples": [{"y": 9223372036854775808}]}', "whole numbers of 64 bits"),
        ('{"examples": [{"x": [1e39, 1]}]}', "numbers up to 3.4e"),
        ('{"examples": [{"x": [1e400, 1]}]}', "/examples: expected numbers that a float can hold"),
    ],
)
def test_what_is_no_list_of_examples_is_refused_with_the_place(body: str, message: str) -> None:
    with pytest.raises(InputInvalid, match=message):
        read(body)


def test_results_are_lists_row_by_row() -> None:
    assert json.loads(write_classifications([[("a", 0.5), ("", 1.0)], []])) == {
        "results": [[["a", 0.5], ["", 1.0]], []]
    }
    assert write_regressions([1.5, float("nan")]) == b'{"results":[1.5,NaN]}'
