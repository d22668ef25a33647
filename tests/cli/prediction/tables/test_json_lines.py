import pytest

from app.cli.prediction.tables.json_lines import JsonLines
from app.labelled.errors import DataInvalid


def test_a_row_is_the_object_of_its_line(write):
    table = JsonLines(write("a.jsonl", '{"text": "好", "n": 1}\n\n[1]\nnothing\n{"other": [2]}\n'))
    assert table.columns == ("text", "n")
    rows = [row for chunk in table.chunks(0) for row in chunk.rows]
    assert [dict(row.fields) for row in rows] == [{"text": "好", "n": 1}, {}, {}, {"other": [2]}]
    assert [row.problem.partition(" (")[0] for row in rows] == [
        "",
        "line 3: expected a JSON object; received another value",
        "line 4: not JSON",
        "",
    ]
    table.close()


def test_rows_that_were_written_before_are_left_out(write):
    table = JsonLines(write("a.jsonl", "".join(f'{{"n": {number}}}\n' for number in range(5))))
    assert [row.fields["n"] for chunk in table.chunks(3) for row in chunk.rows] == [3, 4]
    table.close()


@pytest.mark.parametrize("content", ["", "\n", "text\n", "[1]\n", b"\xff\n"])
def test_a_file_that_does_not_begin_with_an_object_is_refused(write, content):
    with pytest.raises(DataInvalid, match="expected a JSON object on each line"):
        JsonLines(write("a.jsonl", content))
