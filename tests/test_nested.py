"""What nested lists hold."""

import json

import pytest

from app.nested import Rectangle, leaf_types, rectangle_of


def test_the_types_of_all_depths_are_told() -> None:
    assert leaf_types([1, [2.0, ["a", []]], None]) == {int, float, str, type(None)}
    assert leaf_types([]) == set()


@pytest.mark.parametrize(
    ("values", "shape", "leaves"),
    [
        (3, (), [3]),
        ([], (0,), []),
        ([[], []], (2, 0), []),
        ([[1, "a"], [None, {}]], (2, 2), [1, "a", None, {}]),
        ([[[1]], [[2]]], (2, 1, 1), [1, 2]),
    ],
)
def test_lists_of_equal_length_are_a_rectangle(values: object, shape: tuple, leaves: list) -> None:
    assert rectangle_of(values) == Rectangle(shape, leaves, set(map(type, leaves)))


@pytest.mark.parametrize("values", [[[1], [2, 3]], [[1], 2], [1, [2]], [[[1]], [[]]], [[[1]], [2]]])
def test_lists_of_other_lengths_or_depths_are_none(values: list) -> None:
    assert rectangle_of(values) is None


def test_no_depth_is_too_deep() -> None:
    deep: list = []
    for _ in range(10_000):
        deep = [deep]
    assert leaf_types(deep) == set()
    rectangle = rectangle_of(deep)
    assert rectangle is not None
    assert rectangle.shape == (1,) * 10_000 + (0,)
    with pytest.raises(RecursionError):
        json.dumps(deep)
