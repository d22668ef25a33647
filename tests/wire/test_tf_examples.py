"""`tf.Example`s become rows: a feature for each input, the context's where the example has none."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.types import Signature, TensorSpec
from app.wire.oip_tensors import encoded
from app.wire.protos.tensorflow_pb2 import Example, Feature
from app.wire.protos.tensorflow_serving_pb2 import Input
from app.wire.tf_examples import examples_of, tensors_of


def _example(**values: list[float] | list[int] | list[bytes]) -> Example:
    example = Example()
    for name, value in values.items():
        kind = {float: "float_list", int: "int64_list", bytes: "bytes_list"}[type(value[0])]
        example.features.feature[name].CopyFrom(Feature(**{kind: {"value": value}}))
    return example


def _signature(*specs: tuple[str, str, tuple[int | None, ...]]) -> Signature:
    return Signature(tuple(TensorSpec(*spec) for spec in specs), ())


def test_each_input_is_the_feature_of_its_name() -> None:
    signature = _signature(("x", "float32", (None, 2)), ("n", "int8", (None,)), ("t", "string", (None, None)))
    examples = [_example(x=[1.0, 2.0], n=[3], t=[b"a", b"b"]), _example(x=[4.0, 5.0], n=[6], t=[b"c", b"d"])]
    tensors = tensors_of(examples, signature)
    assert {name: (array.dtype, array.tolist()) for name, array in tensors.items()} == {
        "x": (np.float32, [[1, 2], [4, 5]]),
        "n": (np.int8, [3, 6]),
        "t": (object, [["a", "b"], ["c", "d"]]),
    }


def test_the_context_fills_in_what_an_example_does_not_say() -> None:
    given = {"examples": [_example(x=[1.0]), _example(n=[1])], "context": _example(x=[9.0], n=[7])}
    examples = examples_of(Input(example_list_with_context=given))
    tensors = tensors_of(examples, _signature(("x", "float32", (None,)), ("n", "int64", (None,))))
    assert tensors["x"].tolist() == [1, 9]
    assert tensors["n"].tolist() == [7, 1]


def test_a_model_that_reads_examples_itself_is_given_them() -> None:
    examples = [_example(x=[1.0])]
    tensors = tensors_of(examples, _signature(("inputs", "string", (None,))))
    assert Example.FromString(encoded(tensors["inputs"][0])) == examples[0]


def test_one_input_of_strings_may_be_a_feature_too() -> None:
    assert tensors_of([_example(text=[b"good"])], _signature(("text", "string", (None,))))["text"].tolist() == ["good"]


@pytest.mark.parametrize(
    ("examples", "spec", "message"),
    [
        ([_example(y=[1.0])], ("x", "float32", (None,)), "/input/0: expected a feature 'x' with a float_list .* none"),
        ([_example(x=[1])], ("x", "float32", (None,)), "received a int64_list"),
        ([_example(x=[1.0, 2.0])], ("x", "float32", (None,)), "expected 1 values of 'x'"),
        ([_example(x=[1.0] * 3)], ("x", "float32", (None, 2, None)), "expected 2 values of 'x'"),
        ([_example(x=[1]), _example(x=[1, 2])], ("x", "int32", (None, None)), "/input/1: expected 1 values of 'x'"),
        ([_example(x=[1.0])], ("x", "float32", (None, None, None)), "at most one free size"),
        ([_example(x=[300])], ("x", "uint8", (None,)), "uint8 from 0 to 255"),
    ],
)
def test_examples_that_do_not_fit_are_refused(
    examples: list[Example], spec: tuple[str, str, tuple[int | None, ...]], message: str
) -> None:
    with pytest.raises(InputInvalid, match=message):
        tensors_of(examples, _signature(spec))


def test_no_example_is_refused() -> None:
    with pytest.raises(InputInvalid, match="expected at least one example"):
        examples_of(Input())
