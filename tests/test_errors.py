"""The error tree."""

import pickle
import re

import pytest

from app import errors
from app.errors import (
    Fault,
    HorngateError,
    InferenceFailed,
    InputInvalid,
    ModelInvalid,
    QueueFull,
    RequestInvalid,
    Retriable,
)


def descendants(cls: type) -> set[type]:
    return {cls}.union(*(descendants(child) for child in cls.__subclasses__() if child.__module__ == errors.__name__))


def test_every_error_has_a_code_of_its_own_and_a_title():
    leaves = [cls for cls in descendants(HorngateError) if cls is not Retriable]
    assert len({cls.code for cls in leaves}) == len(leaves)
    assert all(re.fullmatch(r"[a-z_]+", cls.code) and cls.title for cls in leaves)


def test_the_docstring_draws_every_error():
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__))
    assert drawn == {cls.__name__ for cls in descendants(HorngateError)} - {"HorngateError", "Retriable"}


def test_an_invalid_input_says_where_what_was_expected_and_what_came():
    error = InputInvalid.at("/texts/3", "a text", "a number")
    assert str(error) == "/texts/3: expected a text; received a number"
    assert error.faults == (Fault("/texts/3", "a text", "a number"),)


def test_an_invalid_input_as_a_whole_has_no_place():
    assert str(InputInvalid.at("", "an image", "a novel")) == "expected an image; received a novel"


def test_a_request_may_be_invalid_without_a_place():
    assert RequestInvalid("no").faults == ()


def test_what_is_worth_another_try_says_when():
    assert QueueFull("full", retry_after_seconds=2.5).retry_after_seconds == 2.5


@pytest.mark.parametrize("error", [ModelInvalid("broken"), InferenceFailed("died"), InputInvalid.at("/x", "a", "b")])
def test_an_error_survives_the_way_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
