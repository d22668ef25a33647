import errno
import fcntl

import pytest

from app.cli.prediction.output import file as module
from app.cli.prediction.output.file import Places, open_answers
from app.cli.prediction.output.progress import read_progress
from app.labelled.errors import DataError, DataInvalid

RUN = {"model": "sentiment/1", "data": "a.csv"}


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "a.jsonl")


def interrupted(places, rows=2):
    """A run that stopped after so many rows."""

    def run():
        with open_answers(places, "new", b"head\n", RUN) as answers:
            for number in range(rows):
                answers.write(f"{number}\n".encode(), [None if number else "broken"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()


def test_the_file_appears_whole_and_nothing_else_is_left(places, tmp_path):
    with open_answers(places, "new", b"head\n", RUN) as answers:
        answers.write(b"1\n2\n", [None, "broken"])
        assert not places.target.exists()
        answers.finish(None)
    assert places.target.read_bytes() == b"head\n1\n2\n"
    assert (answers.progress.rows, answers.progress.failed, answers.progress.reasons) == (2, 1, {"broken": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_an_interrupted_run_is_gone_on_with_and_what_came_after_its_progress_is_cut(places):
    interrupted(places)
    with places.partial.open("ab") as file:
        file.write(b"half a li")
    with open_answers(places, "resume", b"head\n", RUN) as answers:
        assert (answers.progress.rows, answers.progress.failed) == (2, 1)
        answers.write(b"2\n", [None])
        answers.finish(None)
    assert places.target.read_bytes() == b"head\n0\n1\n2\n"


def test_there_being_nothing_to_go_on_with_it_begins(places):
    with open_answers(places, "resume", b"head\n", RUN) as answers:
        assert answers.progress.rows == 0
        answers.finish(None)
    assert places.target.read_bytes() == b"head\n"


def test_force_begins_anew_whatever_is_there(places):
    interrupted(places)
    with open_answers(places, "force", b"", RUN) as answers:
        answers.finish(None)
    assert places.target.read_bytes() == b""


def test_what_is_there_is_not_lost_without_a_word(places):
    places.check("new")
    interrupted(places)
    with pytest.raises(DataInvalid, match="go on with --resume, or begin anew: --force"):
        places.check("new")
    places.target.write_bytes(b"")
    with pytest.raises(DataInvalid, match="is there already; write it again with --force"):
        places.check("new")
    places.check("resume")
    places.check("force")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda places: places.partial.write_bytes(b"he"), "lacks rows that were written; begin again with --force"),
        (lambda places: places.progress.write_text("{"), "cannot be read as how far a run came"),
        (lambda places: places.progress.write_text('{"unknown": 1}'), "cannot be read as how far a run came"),
    ],
)
def test_a_damaged_run_is_not_gone_on_with(places, spoil, message):
    interrupted(places)
    spoil(places)
    with pytest.raises(DataInvalid, match=message), open_answers(places, "resume", b"head\n", RUN):
        pass


def test_a_run_of_something_else_is_not_gone_on_with(places):
    interrupted(places)
    with (
        pytest.raises(
            DataInvalid, match=r"expected to go on with data a.csv; received b.csv; begin again with --force"
        ),
        open_answers(places, "resume", b"", {**RUN, "data": "b.csv"}),
    ):
        pass


def test_two_runs_do_not_write_the_same_file(places):
    with places.partial.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(DataInvalid, match="another run writes"), open_answers(places, "force", b"", RUN):
            pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with (
        pytest.raises(DataError, match=r"cannot write .*absent/a\.csv: No such file or directory"),
        open_answers(Places(tmp_path / "absent" / "a.csv"), "new", b"", RUN),
    ):
        pass


def test_the_progress_is_written_now_and_then_and_at_a_failure(places, monkeypatch):
    monkeypatch.setattr(module, "SAVED_SECONDS", 0.0)

    def run():
        with open_answers(places, "new", b"", RUN) as answers:
            answers.write(b"0\n", [None])
            assert read_progress(places.progress, RUN).rows == 1
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DataError, match="No space left on device; then go on with --resume"):
        run()
    assert read_progress(places.progress, RUN).rows == 1


def test_of_very_many_reasons_some_are_counted(places):
    with open_answers(places, "new", b"", RUN) as answers:
        answers.write(b"", [f"reason {number}" for number in range(100)])
        answers.write(b"", ["reason 0", "reason 99"])
        assert answers.progress.failed == 102
        assert len(answers.progress.reasons) == module.MOST_REASONS
        assert answers.progress.reasons["reason 0"] == 2
        answers.finish(None)


def test_what_is_not_yet_in_its_format_is_made_so_at_the_end(places):
    with open_answers(places, "new", b"one", RUN) as answers:
        answers.finish(lambda part, made: made.write_bytes(part.read_bytes().upper()) and None)
    assert places.target.read_bytes() == b"ONE"
    assert not places.partial.exists()
