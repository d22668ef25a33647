"""The rules by which measured batches become a plan."""

import pytest

from app.inference.calibration.choice import Trial, batch_bound, choose_plan, choose_rows, rows_within, sizing_of
from app.repository.manifest import Plan


def trial(runtime: str = "onnx", threads: int = 1, **milliseconds: float) -> Trial:
    """A trial whose batches `r8=1.5` took so many milliseconds."""
    return Trial(runtime, threads, 0.0, {int(rows[1:]): taken / 1000 for rows, taken in milliseconds.items()})


def test_the_largest_batch_for_the_event_loop_that_is_near_the_best_is_taken():
    assert choose_rows(trial(r1=1, r8=1.2, r16=1.9, r32=3.7, r64=7.3)) == 16


def test_where_short_batches_waste_too_much_the_smallest_near_the_best_is_taken():
    assert choose_rows(trial(r1=1.5, r2=1.8, r32=4, r64=7.9)) == 32


def test_where_no_batch_is_short_the_smallest_near_the_best_is_taken():
    assert choose_rows(trial(r1=10, r8=20, r32=76, r64=150)) == 32


def test_a_childs_batches_are_never_for_the_event_loop():
    assert choose_rows(trial("tensorflow", r1=0.5, r8=0.9, r64=3)) == 64


def test_only_batches_within_the_bound_count_and_one_row_always_does():
    slow = trial(r1=10, r8=20, r32=76)
    assert choose_rows(slow, bound=0.02) == 8
    assert choose_rows(slow, bound=0.001) == 1


def test_the_plan_is_that_of_the_runtime_with_most_rows_per_second():
    plan = choose_plan([trial(r1=1, r8=4), trial("openvino", r1=0.5, r8=1.5)], None, ["tensorflow"])
    assert plan == Plan(
        runtime="openvino", max_batch_rows=8, batch_seconds={1: 0.0005, 8: 0.0015}, differing=("tensorflow",)
    )


@pytest.mark.parametrize(
    ("runtime", "faster", "chosen"),
    [
        ("openvino", 1.05, "onnx"),
        ("openvino", 1.15, "openvino"),
        ("tensorflow", 1.4, "onnx"),
        ("tensorflow", 1.6, "tensorflow"),
        ("tensorflow-xla", 1.4, "onnx"),
        ("tensorflow-xla", 1.6, "tensorflow-xla"),
    ],
)
def test_what_costs_memory_must_be_faster_by_its_margin(runtime, faster, chosen):
    assert choose_plan([trial(r8=100), trial(runtime, r8=100 / faster)], None).runtime == chosen


def test_a_second_thread_must_halve_the_time_because_workers_share_the_cores():
    one = trial(threads=1, r8=100)
    assert choose_plan([one, trial(threads=2, r8=55)], None).threads == 1
    assert choose_plan([one, trial(threads=2, r8=45)], None).threads == 2


def test_a_service_level_that_only_more_threads_hold_chooses_them():
    plan = choose_plan([trial(threads=1, r1=60, r8=300), trial(threads=2, r1=35, r8=170)], slo_seconds=0.1)
    assert plan.threads == 2


def test_where_none_holds_the_service_level_the_one_with_the_fastest_row_is_taken():
    plan = choose_plan([trial(r1=60, r8=300), trial("openvino", r1=40, r8=310)], slo_seconds=0.01)
    assert plan.runtime == "openvino"


def test_the_plan_keeps_the_best_batch_because_each_start_bounds_it_by_the_service_level_of_the_day():
    assert choose_plan([trial(r1=10, r8=20, r32=76)], slo_seconds=0.06).max_batch_rows == 32


def test_the_hand_over_to_a_thread_counts():
    # Equal per row, but one of them fits the event loop.
    assert choose_plan([trial(r8=2.05), trial("openvino", r8=1.8)], None).runtime == "openvino"


@pytest.mark.parametrize(
    ("changes", "inline_rows"),
    [
        ({}, 12),
        ({"runtime": "openvino"}, 12),
        ({"runtime": "tensorflow"}, 0),
        ({"instances": 2}, 0),
        ({"batch_seconds": {}}, 0),
    ],
    ids=str,
)
def test_measured_quick_batches_of_one_instance_in_the_process_run_on_the_event_loop(changes, inline_rows):
    plan = {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {8: 0.0015, 16: 0.0024}}
    sizing = sizing_of(Plan(**plan | changes), measured_cells=10)
    assert (sizing.batch_rows, sizing.of(10).inline_rows) == (8, inline_rows)


def test_two_batches_and_a_fifth_to_spare_fit_the_service_level():
    assert batch_bound(0.1) == pytest.approx(0.04)
    assert batch_bound(None) == float("inf")


@pytest.mark.parametrize(("milliseconds", "rows"), [(1000, 16), (100, 16), (60, 8), (3, 1), (2, None)])
def test_the_largest_measured_batch_up_to_the_plans_that_holds_the_service_level(milliseconds, rows):
    plan = Plan(runtime="onnx", max_batch_rows=16, batch_seconds={1: 0.001, 8: 0.02, 16: 0.04, 32: 0.041})
    assert rows_within(plan, milliseconds / 1000) == rows


def test_without_measured_batches_nothing_holds():
    assert rows_within(Plan(runtime="onnx"), 1) is None
