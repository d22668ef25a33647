"""A runtime in a child process: what its death, and its parent's, mean."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid
from app.inference.isolation import run_isolated
from app.inference.runtimes import child, process
from app.inference.runtimes.process import ProcessRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 1)),), (TensorSpec("y", "float32", (None, 1)),))


@pytest.fixture
def runtime(builder_of: Callable[[str], str]) -> Iterator[ProcessRuntime]:
    """A child that runs `Doubling`."""
    runtime = ProcessRuntime(builder_of("Doubling"))
    yield runtime
    runtime.close()


def runs_of(folder: Path) -> list[list[float]]:
    """The batches that any child began to run."""
    return [[float(number) for number in line.split()] for line in (folder / "runs").read_text().splitlines()]


def test_the_builders_numbers_reach_the_child(tmp_path, builder_of, rows):
    runtime = ProcessRuntime(builder_of("Doubling"), 3)
    assert runtime.pid is None
    assert runtime.load(tmp_path) == SIGNATURE
    assert runtime.run(rows(2))["y"].tolist() == [[6]]
    runtime.close()
    assert runtime.pid is None
    assert (tmp_path / "closed").exists()


def test_a_batch_whose_child_is_killed_runs_once_more_in_a_new_one(runtime, tmp_path, rows, caplog):
    runtime.load(tmp_path)
    first = runtime.pid
    assert runtime.run(rows(16, 4))["y"].tolist() == [[32], [8]]
    assert runtime.pid not in {None, first}
    (record,) = caplog.records
    assert record.message == "a batch runs again in a new process"
    assert record.fields == {"reason": "the runtime's process was ended by SIGKILL"}


def test_a_child_that_is_killed_between_batches_is_replaced_and_nobody_notices(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    os.kill(runtime.pid, signal.SIGKILL)
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


@pytest.mark.parametrize(("number", "cause"), [(13, "was ended by SIGKILL"), (21, "ended with exit code 7")])
def test_a_batch_that_costs_two_children_fails_with_the_cause_and_the_next_one_runs(
    runtime, tmp_path, rows, number, cause
):
    runtime.load(tmp_path)
    with pytest.raises(InferenceFailed, match=f"the runtime's process {cause}"):
        runtime.run(rows(number))
    assert runs_of(tmp_path) == [[number]] * 2
    assert runtime.run(rows(4))["y"].tolist() == [[8]]


def test_a_row_that_kills_fails_alone_and_no_part_of_its_batch_runs_again(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    outcomes = run_isolated(runtime, SIGNATURE, [rows(number) for number in (1, 2, 13, 4)])
    assert [isinstance(outcome, InferenceFailed) for outcome in outcomes] == [False, False, True, False]
    assert runs_of(tmp_path) == [[1, 2, 13, 4], [1, 2, 13, 4], [1, 2], [13, 4], [13], [4]]


def test_after_a_bisection_a_batch_runs_once_more_again(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    run_isolated(runtime, SIGNATURE, [rows(13), rows(2)])
    runtime.run(rows(3, 4))
    assert runtime.run(rows(16))["y"].tolist() == [[32]]


def test_a_batch_that_hangs_is_given_up_and_fails_with_the_cause(builder_of, tmp_path, rows):
    (tmp_path / "entered").touch()
    runtime = ProcessRuntime(builder_of("Doubling"), run_seconds=0.05)
    runtime.load(tmp_path)
    with pytest.raises(InferenceFailed, match=r"the runtime's process did not answer within 0\.05 s"):
        runtime.run(rows(14))
    assert runtime.pid is None
    runtime.close()


def test_a_batch_whose_child_hangs_runs_once_more_in_a_new_one(runtime, tmp_path, rows, eventually):
    (tmp_path / "entered").touch()
    runtime.load(tmp_path)
    first = runtime.pid
    os.mkfifo(tmp_path / "loading")
    runtime._run_seconds = 0.05
    answers = []
    thread = threading.Thread(target=lambda: answers.append(runtime.run(rows(17, 4))))
    thread.start()
    eventually(lambda: runtime.pid not in {None, first})
    runtime._run_seconds = 60.0
    (tmp_path / "loading").open("w").close()
    thread.join(30)
    assert [answer["y"].tolist() for answer in answers] == [[[34], [8]]]


def test_a_suspect_batch_may_take_a_multiple_of_the_slowest_that_was_answered(runtime):
    runtime._slowest_seconds = 0.1
    assert runtime._limit_seconds(is_suspect=True) == process.SUSPECT_SECONDS
    runtime._slowest_seconds = 2.0
    assert runtime._limit_seconds(is_suspect=True) == 2.0 * process.SLOWER
    runtime._slowest_seconds = 50.0
    assert runtime._limit_seconds(is_suspect=True) == process.RUN_SECONDS
    assert runtime._limit_seconds(is_suspect=False) == process.RUN_SECONDS


def test_a_child_that_cannot_start_again_is_tried_again_at_the_next_batch(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    (tmp_path / "broken").touch()
    for number in (13, 1):
        with pytest.raises(InferenceFailed, match="cannot be started again: the folder is broken"):
            runtime.run(rows(number))
        assert runtime.pid is None
    (tmp_path / "broken").unlink()
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


def test_a_failed_load_leaves_no_child(runtime, tmp_path):
    (tmp_path / "broken").touch()
    with pytest.raises(ModelInvalid, match="the folder is broken"):
        runtime.load(tmp_path)
    assert runtime.pid is None


@pytest.mark.parametrize(
    ("name", "message"), [("Dying", "exit code 7"), ("Absent", "AttributeError"), ("Doubling.x", "AttributeError")]
)
def test_a_child_that_cannot_load_is_an_invalid_model(tmp_path, builder_of, name, message):
    runtime = ProcessRuntime(builder_of(name))
    with pytest.raises(ModelInvalid, match=message):
        runtime.load(tmp_path)
    assert runtime.pid is None


def test_a_program_that_cannot_be_started_is_an_invalid_model(runtime, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    with pytest.raises(ModelInvalid, match=r"the runtime's process cannot be started: .*absent"):
        runtime.load(tmp_path)


@pytest.mark.parametrize(
    ("number", "message"),
    [(15, "ZeroDivisionError: by the model"), (18, "AttributeError"), (20, "PicklingError|AttributeError")],
)
def test_what_goes_wrong_in_the_child_is_named_and_costs_no_child(runtime, tmp_path, rows, number, message):
    runtime.load(tmp_path)
    first = runtime.pid
    with pytest.raises(InferenceFailed, match=message):
        runtime.run(rows(number))
    assert runtime.pid == first


def test_outputs_of_other_lengths_are_handed_on_for_the_batch_to_be_refused(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    outputs = runtime.run(rows(19, 1))
    assert outputs["y"].tolist() == [[19]]
    assert outputs["z"].tolist() == [7]
    (outcome,) = run_isolated(runtime, SIGNATURE, [rows(19, 1)])
    assert str(outcome) == "expected 2 rows of 'y'; received the shape [1, 1]"


def test_closing_ends_a_child_that_hangs_at_once_and_fails_what_it_ran_without_another(
    runtime, tmp_path, rows, monkeypatch
):
    # Were the end of the hanging child waited for, the test would run into its own limit.
    monkeypatch.setattr(child, "CLOSE_SECONDS", 1000.0)
    os.mkfifo(tmp_path / "entered")
    runtime.load(tmp_path)
    outcomes = []
    parts = [rows(14), rows(1), rows(2)]
    thread = threading.Thread(target=lambda: outcomes.extend(run_isolated(runtime, SIGNATURE, parts)))
    thread.start()
    (tmp_path / "entered").open().close()
    runtime.close()
    thread.join(30)
    assert [str(outcome) for outcome in outcomes] == ["the runtime is closed"] * 3
    assert runtime.pid is None


def test_closing_while_a_child_is_being_replaced_ends_both(runtime, tmp_path, rows, eventually):
    runtime.load(tmp_path)
    first = runtime.pid
    os.mkfifo(tmp_path / "loading")
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.extend(run_isolated(runtime, SIGNATURE, [rows(13)])))
    thread.start()
    eventually(lambda: runtime.pid not in {None, first})
    runtime.close()
    thread.join(30)
    assert [str(outcome) for outcome in outcomes] == ["the runtime is closed"]
    assert runtime.pid is None


def test_a_runtime_that_is_closed_while_its_child_starts_loads_nothing(runtime, tmp_path):
    with pytest.raises(InferenceFailed, match="the runtime is closed"):
        runtime._start(tmp_path)
    assert runtime.pid is None


def test_nothing_is_left_of_children_that_were_killed(runtime, tmp_path, rows):
    before = set(Path("/proc/self/fd").iterdir())
    runtime.load(tmp_path)
    with pytest.raises(InferenceFailed):
        runtime.run({"x": np.full((100_000, 1), 13, np.float32)})
    runtime.run(rows(1))
    runtime.close()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_a_signal_to_the_group_leaves_the_child_to_its_parent(runtime, tmp_path, rows):
    runtime.load(tmp_path)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(runtime.pid, number)
    assert runtime.run(rows(1))["y"].tolist() == [[2]]


PARENT = """
import sys
from pathlib import Path
import numpy as np
from app.inference.runtimes.process import ProcessRuntime
runtime = ProcessRuntime("doubling_builders:Doubling")
runtime.load(Path(sys.argv[1]))
print(runtime.pid, flush=True)
runtime.run({"x": np.full((1, 1), float(sys.argv[2]), np.float32)})
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [1, 14], ids=["idle", "hanging"])
def test_the_child_ends_when_its_parent_is_killed(tmp_path, builder_of, number):
    builder_of("Doubling")
    (tmp_path / "entered").touch()
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        ended = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([ended], [], [], 60)[0], "the child outlived its parent"
        finally:
            os.close(ended)
