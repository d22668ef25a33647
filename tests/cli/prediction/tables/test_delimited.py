import pytest

from app.cli.prediction.tables.chunk import CHUNK_ROWS
from app.cli.prediction.tables.delimited import DelimitedTable
from app.labelled.errors import DataInvalid


def rows_of(path, *, is_quoted=True, skip=0):
    table = DelimitedTable(path, is_quoted=is_quoted)
    rows = [row for chunk in table.chunks(skip) for row in chunk.rows]
    table.close()
    return rows


def test_rows_have_the_columns_that_the_first_line_names(write):
    path = write("a.csv", '\ufefftext, label\r\n"good, ""film""\nof two lines",1\r\nbad,0\r\n\r\n')
    rows = rows_of(path)
    assert [dict(row.fields) for row in rows] == [
        {"text": 'good, "film"\nof two lines', "label": "1"},
        {"text": "bad", "label": "0"},
    ]
    assert not any(row.problem for row in rows)


def test_a_broken_row_is_told_and_takes_no_other_along(write):
    rows = rows_of(write("a.csv", 'text,label\n"open,1\ngood,2\nfew\n"a"b,3\nmany,1,2\nlast,4\n'))
    assert [row.fields.get("text") for row in rows] == [None, "good", "few", None, "many", "last"]
    assert [bool(row.problem) for row in rows] == [True, False, True, True, True, False]
    assert rows[0].problem.startswith("line 2: broken quotation")
    assert rows[2].problem == "expected 2 columns; received 1"
    assert rows[3].problem.startswith("line 5: broken quotation")


def test_bytes_that_are_not_utf_8_are_a_problem_of_their_row(write):
    rows = rows_of(write("a.csv", b"text\ngood\n\xffbad\nfine\n"))
    assert [row.problem for row in rows] == ["", "line 3: byte 0xff is not UTF-8", ""]


def test_nothing_is_quoted_in_tsv(write):
    rows = rows_of(write("a.tsv", 'text\tlabel\n"good\t1\n\nbad"\t2\n'), is_quoted=False)
    assert [row.fields["text"] for row in rows] == ['"good', 'bad"']


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv"])
def test_a_long_table_is_read_in_chunks_from_any_row_on(write, name):
    path = write(name, "text\n" + "".join(f"row {number}\n" for number in range(3 * CHUNK_ROWS // 2)))
    table = DelimitedTable(path, is_quoted=True)
    chunks = list(table.chunks(100))
    assert [len(chunk.rows) for chunk in chunks] == [CHUNK_ROWS, CHUNK_ROWS // 2 - 100]
    assert chunks[0].rows[0].fields["text"] == "row 100"
    assert table.position == table.size
    table.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"a,b,a\n", "received 'a' twice"),
        (b'"a,b\n', "broken quotation"),
        ("text\n".encode("utf-16"), "received UTF-16"),
    ],
)
def test_a_file_that_is_no_table_is_refused(write, content, message):
    with pytest.raises(DataInvalid, match=message):
        DelimitedTable(write("a.csv", content), is_quoted=True)
