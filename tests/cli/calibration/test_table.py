"""The result as text."""

import pytest

from app.cli.calibration.table import lines_of, notes_of, report_text, table_of
from app.inference.calibration.conditions import Conditions
from app.repository.manifest import Plan


def test_the_table_has_a_row_for_each_runtime_and_marks_the_chosen_batch(outcome_of):
    assert table_of(outcome_of()) == [
        ["runtime", "threads", "difference", "1", "8", "64"],
        ["onnx", "1", "2.5e-07", "1,000", "▸ 2,000", "1,600"],
        ["tensorflow", "1", "0.0e+00", "100", "16", "–"],
    ]


def test_the_notes_say_what_was_left_out_what_is_planned_and_where_it_stands(outcome_of):
    assert list(notes_of(outcome_of())) == [
        "Answers may differ from those of tensorflow by 0.0001 at most; times are medians.",
        "Left out: openvino: its answers differ",
        "Left out: tensorflow-xla: it cannot be compiled",
        "Plan: onnx, 1 thread, 1 instance a worker, batches of up to 8 rows (4 ms), on the event loop or thread",
        "Before: onnx, 1 thread, 1 instance a worker, batches of up to 16 rows, in a thread",
        "Written to models/net/3/manifest.json; servers follow it from their next start.",
    ]


def test_a_dry_run_and_the_same_plan_as_before_are_told(outcome_of):
    same = outcome_of().plan
    notes = list(notes_of(outcome_of(before=same, is_written=False)))
    assert notes[-1] == "Not written."
    assert not [note for note in notes if note.startswith("Before")]


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        (Plan(runtime="onnx", max_batch_rows=8, batch_seconds={8: 0.001}), "on the event loop"),
        (
            Plan(runtime="tensorflow", threads=2),
            "2 threads, 1 instance a worker, batches of up to 32 rows, in a process",
        ),
    ],
)
def test_a_plan_says_where_its_batches_run(outcome_of, plan, where):
    (line,) = [note for note in notes_of(outcome_of(plan=plan)) if note.startswith("Plan: ")]
    assert line.endswith(where)


def test_a_busy_machine_is_told(outcome_of):
    assert "for 25% of the time" in list(notes_of(outcome_of(contention=0.25)))[1]
    for share in (0.01, None):
        assert not [note for note in notes_of(outcome_of(contention=share)) if "waiting" in note]


@pytest.mark.parametrize(
    ("slo_p99_ms", "note"),
    [
        (20, "slo_p99_ms 20 leaves 8 ms for a batch: 8 rows at most."),
        (3, "slo_p99_ms 3 leaves 1.2 ms for a batch: 1 row at most."),
        (1, "slo_p99_ms 1 leaves 0.4 ms for a batch: rows run one by one, and even so it cannot be held."),
    ],
)
def test_the_owners_service_level_is_told(outcome_of, slo_p99_ms, note):
    assert note in list(notes_of(outcome_of(slo_p99_ms=slo_p99_ms)))


def test_lines_name_the_threads_where_there_are_several(outcome_of):
    assert lines_of(outcome_of())["tensorflow"] == [(1, 100), (8, 16)]
    assert list(lines_of(outcome_of(conditions=Conditions(threads=(1, 2))))) == [
        "onnx, 1 thread",
        "tensorflow, 1 thread",
    ]


def test_the_report_has_table_plot_and_notes(outcome_of):
    text = report_text(outcome_of())
    assert text.startswith("net/3 on ")
    assert "\nrandom x float32 [2]\n" in text
    assert "\nonnx              1     2.5e-07  1,000  ▸ 2,000  1,600\n" in text
    assert "● onnx   ○ tensorflow" in text
    assert text.endswith("next start.")
