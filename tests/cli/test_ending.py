from dataclasses import dataclass

import pytest

from app.cli.ending import Forms, run_to_end

FORMS = Forms(lambda found: f"text {found.rows}", lambda found: f"json {found.rows}", lambda found: f"csv {found.rows}")


@dataclass(frozen=True)
class Outcome:
    """So many rows, asked to the last of them or not."""

    rows: int
    is_whole: bool = True


def test_what_was_found_is_printed_in_the_form_that_was_asked_for(capsys, tmp_path):
    run_to_end(lambda: Outcome(3), FORMS, tmp_path / "rows.csv", as_json=False)
    run_to_end(lambda: Outcome(4), FORMS, None, as_json=True)
    assert capsys.readouterr().out == "text 3\njson 4\n"
    assert (tmp_path / "rows.csv").read_text() == "csv 3"


def test_after_ctrl_c_the_file_is_written_all_the_same(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        run_to_end(lambda: Outcome(2, is_whole=False), FORMS, tmp_path / "rows.csv", as_json=False)
    assert (ended.value.code, capsys.readouterr().out) == (130, "text 2\n")
    assert (tmp_path / "rows.csv").read_text() == "csv 2"


def test_ctrl_c_before_the_first_answer_writes_nothing(capsys, tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        run_to_end(interrupted, FORMS, tmp_path / "rows.csv", as_json=False)
    assert ended.value.code == 130
    assert capsys.readouterr().err == "horngate: interrupted before the first row was answered\n"
    assert list(tmp_path.iterdir()) == []
