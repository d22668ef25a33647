import pytest

from app.labelled.columns import Columns, read_texts
from app.labelled.errors import DataInvalid
from app.labelled.problems import Problem


@pytest.mark.parametrize("header", ["text,label", "Review,Sentiment", "id,label,sentence", "category,comment,source"])
def test_columns_of_the_usual_names_are_found(write, header):
    names = header.lower().split(",")
    row = ["fine" if name in {"text", "review", "sentence", "comment"} else "good" for name in names]
    rows = read_texts(write("d/a.csv", f"{header}\n{','.join(row)}\n"), Columns())
    assert (rows.texts, rows.labels, rows.places) == (["fine"], ["good"], ["d/a.csv:2"])


def test_named_columns_are_taken_and_texts_joined(write):
    path = write("d/a.csv", "kind,title,body,text\n 3 ,Oil,up again,no\n")
    rows = read_texts(path, Columns(("title", "body"), "kind"))
    assert (rows.texts, rows.labels) == (["Oil up again"], ["3"])


def test_columns_called_by_numbers_need_no_header(write):
    rows = read_texts(write("a.csv", "3,Oil,Up.\n"), Columns(("2", "3"), "1"))
    assert (rows.texts, rows.labels) == (["Oil Up."], ["3"])


def test_numbers_that_are_names_beside_a_name_are_looked_up(write):
    rows = read_texts(write("a.csv", "label,2\ngood,fine\n"), Columns(("2",), "label"))
    assert rows.texts == ["fine"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            Columns(),
            r"expected a column text, review, sentence, content or comment .*received 'id', 'words', 'lable'; na",
        ),
        (Columns(("words",)), r"expected a column label, class.*name it with --label-column"),
        (Columns(("words",), "label"), r"expected a column 'label' \(--label-column\).*did you mean 'lable'\?"),
        (
            Columns(("body",), "lable"),
            r"expected a column 'body' \(--text-column\) in .*received 'id', 'words', 'lable'$",
        ),
    ],
    ids=["no text", "no label", "misspelt", "unlike any"],
)
def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are(write, columns, message):
    with pytest.raises(DataInvalid, match=message):
        read_texts(write("a.csv", "id,words,lable\n1,fine,good\n"), columns)


def test_a_row_of_another_length_is_counted_and_named(write):
    rows = read_texts(write("d/a.csv", "text,label\nfine,good\nodd\ndull,bad\n"), Columns())
    assert rows.problems == [Problem("d/a.csv:3", "expected 2 columns; received 1")]
    assert rows.places == ["d/a.csv:2", "d/a.csv:4"]


def test_a_file_in_another_encoding_is_an_error_that_names_file_line_and_byte(write):
    path = write("d/a.csv", "text,label\n很好,good\n很差,bad\n".encode("gbk"))
    with pytest.raises(DataInvalid, match=r"d/a\.csv:2, byte 0xba: bytes that are not UTF-8.*encoding \(UTF-8\)"):
        read_texts(path, Columns())
