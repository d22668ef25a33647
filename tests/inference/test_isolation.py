"""One bad part of a batch fails alone."""

import numpy as np
import pytest

from app.errors import HorngateError, InferenceFailed
from app.inference.isolation import run_isolated
from app.inference.runtimes.fake import FakeRuntime


def runtime_of(doubling, answer=None) -> FakeRuntime:
    return FakeRuntime(doubling.signature, answer or doubling.answer)


def test_parts_get_their_own_rows_of_one_run(doubling):
    runtime = runtime_of(doubling)
    outcomes = run_isolated(runtime, doubling.signature, [doubling.rows(1), doubling.rows(2, 3)])
    assert [outcome["y"].tolist() for outcome in outcomes] == [[[2]], [[4], [6]]]
    assert runtime.batches == [3]


@pytest.mark.parametrize("guilty", [0, 17, 63])
def test_one_guilty_part_costs_at_most_twice_log2_runs_more(doubling, guilty):
    doubling.hated = frozenset({guilty})
    runtime = runtime_of(doubling)
    outcomes = run_isolated(runtime, doubling.signature, [doubling.rows(number) for number in range(64)])
    assert [number for number, outcome in enumerate(outcomes) if isinstance(outcome, HorngateError)] == [guilty]
    assert len(runtime.batches) - 1 <= 2 * 6


@pytest.mark.parametrize("parts", [1, 2, 3, 64])
def test_a_model_that_always_fails_is_not_asked_about_every_part(doubling, parts):
    doubling.hated = frozenset(range(parts))
    runtime = runtime_of(doubling)
    outcomes = run_isolated(runtime, doubling.signature, [doubling.rows(number) for number in range(parts)])
    assert ["hates" in str(outcome) for outcome in outcomes] == [True] * parts
    assert len(runtime.batches) - 1 <= np.ceil(2 * np.log2(parts)) + 1


def test_several_guilty_parts_fail_alone_where_anything_succeeds(doubling):
    doubling.hated = frozenset({3, 4, 40, 63})
    outcomes = run_isolated(runtime_of(doubling), doubling.signature, [doubling.rows(number) for number in range(64)])
    assert {number for number, outcome in enumerate(outcomes) if isinstance(outcome, HorngateError)} == doubling.hated


def test_one_good_half_is_found_beside_one_in_which_all_are_guilty(doubling):
    doubling.hated = frozenset(range(32))
    outcomes = run_isolated(runtime_of(doubling), doubling.signature, [doubling.rows(number) for number in range(64)])
    assert {number for number, outcome in enumerate(outcomes) if isinstance(outcome, HorngateError)} == doubling.hated


def test_every_guilty_part_fails_where_all_are(doubling):
    doubling.hated = frozenset(range(4))
    outcomes = run_isolated(runtime_of(doubling), doubling.signature, [doubling.rows(number) for number in range(4)])
    assert all(isinstance(outcome, InferenceFailed) for outcome in outcomes)


def test_a_part_that_became_nan_fails_without_a_second_run(doubling):
    runtime = runtime_of(doubling)
    parts = [doubling.rows(1), doubling.rows(np.nan), doubling.rows(3)]
    outcomes = run_isolated(runtime, doubling.signature, parts)
    assert [isinstance(outcome, InferenceFailed) for outcome in outcomes] == [False, True, False]
    assert runtime.batches == [3]


def test_outputs_that_are_no_floating_point_numbers_are_not_looked_at_for_nan(doubling):
    runtime = runtime_of(doubling, lambda tensors: {"y": np.array(["a", "b"], object)})
    outcomes = run_isolated(runtime, doubling.signature, [doubling.rows(1), doubling.rows(2)])
    assert [outcome["y"].tolist() for outcome in outcomes] == [["a"], ["b"]]


@pytest.mark.parametrize("extra", [np.float32(1), np.array([np.nan, 1]), [1, 2]], ids=["scalar", "NaN", "list"])
def test_an_output_that_the_signature_does_not_name_is_left_out(doubling, extra):
    runtime = runtime_of(doubling, lambda tensors: {"extra": extra, "y": tensors["x"] * 2})
    outcomes = run_isolated(runtime, doubling.signature, [doubling.rows(1), doubling.rows(2)])
    assert [{name: array.tolist() for name, array in outcome.items()} for outcome in outcomes] == [
        {"y": [[2]]},
        {"y": [[4]]},
    ]


def test_what_a_runtime_raises_against_its_contract_is_named(doubling):
    class Broken(FakeRuntime):
        def run(self, tensors):
            raise ZeroDivisionError("by the runtime")

    (outcome,) = run_isolated(Broken(doubling.signature, doubling.answer), doubling.signature, [doubling.rows(1)])
    assert isinstance(outcome, InferenceFailed)
    assert str(outcome) == "ZeroDivisionError: by the runtime"
