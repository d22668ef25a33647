"""Parameters: a deadline in microseconds, three classes, and the nearest name for what means nothing."""

import pytest

from app.errors import InputInvalid
from app.types import Priority
from app.wire.oip_parameters import flag_of, priority_of, refuse_sequences, refuse_unknown, timeout_of


def test_a_timeout_is_in_microseconds_and_0_is_none() -> None:
    assert timeout_of({"timeout": 1500}) == 0.0015
    assert timeout_of({"timeout": 0}) is timeout_of({}) is None


@pytest.mark.parametrize(
    ("given", "expected"), [(1, Priority.HIGH), (2, Priority.NORMAL), (3, Priority.LOW), (9, Priority.LOW)]
)
def test_the_lowest_number_is_the_highest_class(given: int, expected: Priority) -> None:
    assert priority_of({"priority": given}) is expected
    assert priority_of({"priority": 0}) is priority_of({}) is None


@pytest.mark.parametrize("wrong", [-1, 1.5, "1", True, None])
def test_what_is_no_whole_number_is_refused(wrong: object) -> None:
    for read, name in ((timeout_of, "timeout"), (priority_of, "priority")):
        with pytest.raises(InputInvalid, match=name):
            read({name: wrong})


def test_a_sequence_is_refused_and_its_parameters_that_say_nothing_are_not() -> None:
    refuse_sequences({"sequence_id": 0, "sequence_start": False})
    with pytest.raises(InputInvalid, match="sequence_id"):
        refuse_sequences({"sequence_id": "a"})


def test_a_flag_is_true_false_or_not_there() -> None:
    assert [flag_of({"f": value}, "f", "") for value in (True, False, None)] == [True, False, None]
    with pytest.raises(InputInvalid, match="true or false"):
        flag_of({"f": 1}, "f", "")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    refuse_unknown({"timeout": 1}, ("priority", "timeout"), "")
    with pytest.raises(InputInvalid, match="did you mean 'timeout'"):
        refuse_unknown({"time_out": 1}, ("priority", "timeout"), "")
