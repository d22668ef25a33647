"""`TensorProto` both ways: TensorFlow's own rules, and no more memory than a request may take."""

import numpy as np
import pytest

from app.errors import InputInvalid, RequestInvalid, TooLarge
from app.wire.protos import tensorflow_pb2 as tf
from app.wire.tensor_proto import DTYPES, array_of, fill

LIMIT = 1024


def _proto(kind: int, *sizes: int, **values: object) -> tf.TensorProto:
    return tf.TensorProto(dtype=kind, tensor_shape={"dim": [{"size": size} for size in sizes]}, **values)


def _array(kind: int) -> np.ndarray:
    if kind == tf.DT_STRING:
        return np.array([["a", "电影"]], object)
    return np.array([[0, 1, 1], [1, 0, 1]], DTYPES[kind][0])


@pytest.mark.parametrize("kind", DTYPES)
def test_an_array_comes_back_as_it_was_and_its_values_stand_in_their_own_field(kind: int) -> None:
    array, tensor = _array(kind), tf.TensorProto()
    fill(tensor, array)
    assert not tensor.tensor_content
    assert len(getattr(tensor, DTYPES[kind][1])) == array.size
    read = array_of(tensor, "/inputs/x", LIMIT)
    assert read.dtype == array.dtype
    assert read.tolist() == array.tolist()


@pytest.mark.parametrize("kind", sorted(DTYPES.keys() - {tf.DT_STRING}))
def test_tensor_content_is_viewed_where_it_lies(kind: int) -> None:
    array = _array(kind)
    read = array_of(_proto(kind, 2, 3, tensor_content=array.tobytes()), "/inputs/x", LIMIT)
    assert read.base is not None
    assert np.array_equal(read, array)


def test_halves_keep_their_bits() -> None:
    tensor = tf.TensorProto()
    fill(tensor, np.array([1.5, -2.0], np.float16))
    assert list(tensor.half_val) == [0x3E00, 0xC000]


def test_many_numbers_make_one_long_field() -> None:
    array, tensor = np.linspace(0, 1, 1000), tf.TensorProto()
    fill(tensor, array)
    assert np.array_equal(tensor.double_val, array)


def test_a_short_list_repeats_its_last_value_and_none_means_zeros() -> None:
    assert array_of(_proto(tf.DT_INT32, 4, int_val=[1, 2]), "", LIMIT).tolist() == [1, 2, 2, 2]
    assert array_of(_proto(tf.DT_FLOAT, 2), "", LIMIT).tolist() == [0, 0]
    assert array_of(_proto(tf.DT_INT64, int64_val=[5]), "", LIMIT).shape == ()


@pytest.mark.parametrize(
    ("tensor", "kind", "message"),
    [
        (_proto(tf.DT_COMPLEX64, 1), InputInvalid, "/dtype: expected one of DT_FLOAT, .*; received DT_COMPLEX64"),
        (tf.TensorProto(dtype=99), InputInvalid, "received 99"),
        (_proto(tf.DT_FLOAT, -1), InputInvalid, r"sizes from 0; received \[-1\]"),
        (_proto(tf.DT_FLOAT, 2, tensor_content=b"1234"), InputInvalid, "expected 8 bytes .* received 4 bytes"),
        (_proto(tf.DT_FLOAT, 1, float_val=[1, 2]), InputInvalid, "at most 1 values in float_val"),
        (_proto(tf.DT_UINT8, 1, int_val=[256]), InputInvalid, "uint8 from 0 to 255"),
        (_proto(tf.DT_HALF, 1, half_val=[-1]), InputInvalid, "uint16 from 0 to 65535"),
        (_proto(tf.DT_STRING, 2, string_val=[b"a"]), InputInvalid, "expected 2 strings in string_val"),
        (
            _proto(tf.DT_FLOAT, 2**31, float_val=[1]),
            TooLarge,
            r"at most 1,024 bytes; received the shape \[2147483648\]",
        ),
        (tf.TensorProto(dtype=1, tensor_shape={"unknown_rank": True}), InputInvalid, "an unknown rank"),
    ],
)
def test_a_tensor_that_makes_no_sense_is_refused(
    tensor: tf.TensorProto, kind: type[RequestInvalid], message: str
) -> None:
    with pytest.raises(kind, match=message):
        array_of(tensor, "/inputs/x", LIMIT)
