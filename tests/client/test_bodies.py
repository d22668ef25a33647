"""What a task takes, as JSON."""

import json
from typing import Any

import numpy as np
import pytest

from app.client.bodies import body_of, gathered
from app.client.errors import RequestRefused


def test_one_text_and_many_are_told_apart() -> None:
    assert body_of("topic", "好") == ('{"text":"好"}'.encode(), False)
    assert body_of("sentiment", ("a", "b")) == (b'{"texts":["a","b"]}', True)
    assert body_of("sentiment", np.array(["a", "b"])) == (b'{"texts":["a","b"]}', True)
    assert body_of("sentiment", (text for text in "ab")) == (b'{"texts":["a","b"]}', True)


def test_arrays_are_lists_wherever_they_stand() -> None:
    inputs = {"x": [np.array([1, 2], np.int64), [np.float32(0.5), 1]]}
    assert json.loads(body_of("tensor", inputs).content) == {"inputs": {"x": [[1, 2], [0.5, 1]]}}


@pytest.mark.parametrize(
    ("task", "inputs"),
    [
        ("sentiment", None), ("sentiment", b"bytes"), ("topic", {"text": "x"}), ("topic", "\ud800"),
        ("tensor", [float("nan")]), ("tensor", {"x": np.array([np.inf])}), ("tensor", [object()]),
    ],
)  # fmt: skip
def test_what_json_cannot_say_is_refused_before_it_is_sent(task: str, inputs: Any) -> None:
    with pytest.raises(RequestRefused, match=r"^expected a? ?text"):
        body_of(task, inputs)


def test_rows_of_several_tensors_become_columns() -> None:
    assert gathered("tensor", [{"a": 1, "b": 2}, {"b": 4, "a": 3}]) == {"a": [1, 3], "b": [2, 4]}
    assert gathered("tensor", ([1], [2])) == [[1], [2]]
    assert gathered("topic", ("a",)) == ["a"]


@pytest.mark.parametrize("other", [{"a": 1}, [1, 2]])
def test_rows_with_other_tensors_are_refused(other: Any) -> None:
    with pytest.raises(RequestRefused, match="the inputs a, b in every row"):
        gathered("tensor", [{"a": 1, "b": 2}, other])
