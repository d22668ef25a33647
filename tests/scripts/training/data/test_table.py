import pytest

from app.labelled.errors import DataInvalid
from scripts.training.data.table import Table

NEWS = Table(("class", "title", "text"), ("title", "text"), "class", {"1": "World", "2": "Sports"}, has_header=False)
REVIEWS = Table(("id", "label", "text"), ("text",), "label", {"0": "negative", "1": "positive"})


def test_a_header_is_not_a_row(write):
    rows = REVIEWS.read(write("r.csv", "id,label,text\n7,1,fine\n8,0,bad\n"))
    assert (rows.texts, rows.labels, rows.problems) == (["fine", "bad"], ["positive", "negative"], [])


def test_several_columns_are_joined_with_a_space(write):
    rows = NEWS.read(write("n.csv", '"2","Goal","in the last minute"\n"1","Vote",""\n'))
    assert rows.texts == ["Goal in the last minute", "Vote"]
    assert rows.labels == ["Sports", "World"]


def test_another_header_is_an_error_that_shows_both(write):
    with pytest.raises(DataInvalid, match=r"expected the header id,label,text in .*; received 'text,label'"):
        REVIEWS.read(write("r.csv", "text,label\nfine,1\n"))


def test_a_first_line_with_a_broken_quotation_is_no_header(write):
    with pytest.raises(DataInvalid, match="received 'none'"):
        REVIEWS.read(write("r.csv", '"id,label,text\n7,1,fine\n'))


def test_a_row_of_another_width_is_counted_and_named(write):
    rows = REVIEWS.read(write("set/r.csv", "id,label,text\n1,1,fine\n2,1,fine,indeed\n3,0\n4,0,bad\n"))
    assert rows.texts == ["fine", "bad"]
    assert [(problem.place, problem.reason) for problem in rows.problems] == [
        ("set/r.csv:3", "expected 3 columns; received 4"),
        ("set/r.csv:4", "expected 3 columns; received 2"),
    ]


def test_a_label_out_of_range_is_counted_and_named(write):
    rows = NEWS.read(write("set/n.csv", "1,a,b\n3,c,d\nWorld,e,f\n2,g,h\n"))
    assert rows.labels == ["World", "Sports"]
    assert [(problem.place, problem.reason) for problem in rows.problems] == [
        ("set/n.csv:2", "expected a label of 1, 2; received '3'"),
        ("set/n.csv:3", "expected a label of 1, 2; received 'World'"),
    ]


def test_a_reason_never_repeats_a_long_field(write):
    rows = NEWS.read(write("n.csv", f"1,a,b\n{'x' * 5000},c,d\n2,g,h\n"))
    assert len(rows.problems[0].reason) < 100
