import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.cli.prediction import session
from app.cli.prediction.session import Wanted, check_out, default_out, is_whole, predict_file
from app.errors import InferenceFailed
from app.labelled.errors import DataError, DataInvalid

TEXTS = [f"text {number:04} {'x' * (number % 90)}" for number in range(1300)]


@pytest.fixture
def table(write):
    return write("texts.csv", "id,text\n" + "".join(f"{number},{text}\n" for number, text in enumerate(TEXTS)))


def rows_of(path):
    match path.suffix:
        case ".csv":
            with path.open(newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))
        case ".jsonl":
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        case _:
            return pq.read_table(path).to_pylist()


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_every_row_is_written_with_its_columns_and_its_answer(counting, table, tmp_path, ending):
    out = tmp_path / f"a{ending}"
    finished = predict_file(counting, Wanted(table, out))
    assert (finished.rows, finished.failed, finished.is_whole) == (1300, 0, True)
    rows = rows_of(out)
    assert [row["text"] for row in rows] == TEXTS
    assert [row["id"] for row in rows] == [str(number) for number in range(1300)]
    assert {row["answer"] for row in rows} == {"positive", "negative"}


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("stop", [KeyboardInterrupt(), InferenceFailed("the model is gone")])
def test_a_run_that_stopped_is_gone_on_with_no_row_twice_and_none_lost(counting, table, tmp_path, ending, stop):
    out = tmp_path / f"a{ending}"
    counting.stop, counting.at = stop, TEXTS[700]
    if isinstance(stop, KeyboardInterrupt):
        finished = predict_file(counting, Wanted(table, out))
        assert (finished.rows, finished.is_whole) == (512, False)
    else:
        with pytest.raises(DataError, match="the model is gone; 512 rows are written: go on with --resume"):
            predict_file(counting, Wanted(table, out))
    assert not out.exists()
    counting.stop = None
    finished = predict_file(counting, Wanted(table, out, start="resume"))
    assert (finished.rows, finished.before, finished.is_whole) == (1300, 512, True)
    assert counting.asked == TEXTS
    assert [row["text"] for row in rows_of(out)] == TEXTS
    assert is_whole(out)


def test_rows_that_fail_are_rows_with_an_error_and_counted(counting, write, tmp_path):
    data = write("a.csv", 'text,n\ngood,1\nbad,2\n"open,3\nfine,4\nbad,5\n')
    finished = predict_file(counting, Wanted(data, tmp_path / "a.out.csv"))
    assert (finished.rows, finished.failed) == (5, 3)
    assert finished.reasons["a bad one"] == 2
    errors = [row["error"] for row in rows_of(tmp_path / "a.out.csv")]
    assert [bool(error) for error in errors] == [False, True, True, False, True]


def test_a_row_without_the_column_fails_alone(counting, write, tmp_path):
    data = write("a.jsonl", '{"text": "good"}\n{"txt": "odd"}\n{"text": "fine"}\n')
    predict_file(counting, Wanted(data, tmp_path / "o.jsonl"))
    assert [row["error"] for row in rows_of(tmp_path / "o.jsonl")] == [
        None,
        "expected a column 'text'; received none in this row",
        None,
    ]


def test_a_row_with_columns_that_could_not_be_written_fails_alone(counting, write, tmp_path):
    data = write("a.jsonl", '{"text": "good"}\n{"text": "fine", "more": 1}\n{"text": "fine", "score": 1}\n')
    expected = {".csv": ["has a column 'more'", "has a column 'score'"], ".jsonl": [None, "has a column 'score'"]}
    for ending, reasons in expected.items():
        out = tmp_path / f"o{ending}"
        predict_file(counting, Wanted(data, out))
        for row, reason in zip(rows_of(out)[1:], reasons, strict=True):
            assert (row["error"] or "").startswith(reason or "")
            assert bool(row["error"]) == bool(reason)


def test_a_folder_is_no_table_of_texts(counting, tmp_path):
    with pytest.raises(DataInvalid, match="expected a table for sentiment/1; received the folder"):
        predict_file(counting, Wanted(tmp_path, tmp_path / "a.csv"))


def test_a_run_is_not_gone_on_with_on_other_data(counting, table, tmp_path):
    counting.stop, counting.at = KeyboardInterrupt(), TEXTS[700]
    predict_file(counting, Wanted(table, tmp_path / "a.csv"))
    counting.stop = None
    table.write_text("id,text\n1,other\n", encoding="utf-8")
    with pytest.raises(DataInvalid, match="expected to go on with content of the data"):
        predict_file(counting, Wanted(table, tmp_path / "a.csv", start="resume"))


@pytest.mark.parametrize(
    ("data", "out"),
    [
        ("d/a.csv", "d/a.answers.csv"),
        ("d/a.TSV.gz", "d/a.answers.csv"),
        ("a.b.jsonl", "a.b.answers.jsonl"),
        ("a.parquet", "a.answers.parquet"),
    ],
)
def test_answers_go_next_to_the_data(data, out):
    assert default_out(Path(data)) == Path(out)


def test_the_answers_of_a_folder_go_beside_it(tmp_path):
    (tmp_path / "pictures").mkdir()
    assert default_out(tmp_path / "pictures") == tmp_path / "pictures.answers.csv"


def test_another_format_is_refused(tmp_path):
    with pytest.raises(DataInvalid, match=r"expected --out to end in .jsonl, .csv, .parquet; received a.xlsx"):
        check_out(Path("a.xlsx"), "new")
    assert session.OUTPUTS == (".jsonl", ".csv", ".parquet")
