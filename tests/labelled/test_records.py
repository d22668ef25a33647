import lzma
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, data, lists, sampled_from

from app.labelled.errors import DataError, DataInvalid
from app.labelled.problems import Problem
from app.labelled.records import FORMATS, open_table


def rows_of(path, *, has_header=True):
    names, records = open_table(path, has_header=has_header)
    return names, list(records)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d/a.csv", 'text,label\n"fine, really",1\n'),
        ("d/a.csv.gz", 'text,label\n"fine, really",1\n'),
        ("d/a.tsv", "text\tlabel\nfine, really\t1\n"),
        ("d/a.jsonl", '{"text": "fine, really", "label": 1}\n'),
        ("d/a.txt", "fine, really\t1\n"),
    ],
)
def test_every_format_gives_the_same_row(write, name, content):
    names, rows = rows_of(write(name, content))
    assert names == ["text", "label"]
    assert [fields for _, fields in rows] == [["fine, really", "1"]]


def test_a_file_packed_as_xz_is_read(write):
    names, rows = rows_of(write("d/a.csv.xz", lzma.compress(b"text,label\nfine,1\n")))
    assert (names, rows) == (["text", "label"], [("d/a.csv.xz:2", ["fine", "1"])])


def test_without_a_header_the_columns_are_counted_and_the_first_line_is_a_row(write):
    names, rows = rows_of(write("d/a.csv", "3,Oil,Up.\n2,Goal,Late.\n"), has_header=False)
    assert names == ["1", "2", "3"]
    assert rows == [("d/a.csv:1", ["3", "Oil", "Up."]), ("d/a.csv:2", ["2", "Goal", "Late."])]


def test_another_format_is_refused_by_name(write):
    with pytest.raises(DataInvalid, match=r"expected \.csv, \.tsv, \.jsonl, \.txt .*received rows\.parquet"):
        open_table(write("rows.parquet", b"PAR1"), has_header=True)


def test_what_json_cannot_read_is_a_problem_at_its_line(write):
    content = '{"text": "fine", "label": "good"}\n{"text": \n[1]\n{"text": "odd"}\n\n{"label": 0, "text": null}\n'
    names, rows = rows_of(write("d/a.jsonl", content))
    assert names == ["text", "label"]
    assert rows[0] == ("d/a.jsonl:1", ["fine", "good"])
    assert isinstance(rows[1], Problem)
    assert rows[1].place == "d/a.jsonl:2"
    assert rows[2:] == [
        Problem("d/a.jsonl:3", "expected a JSON object"),
        Problem("d/a.jsonl:4", "lacks label"),
        ("d/a.jsonl:6", ["", "0"]),
    ]


def test_a_file_that_begins_with_something_else_than_an_object_is_an_error(write):
    with pytest.raises(DataInvalid, match=r"expected a JSON object on each line of .*a\.jsonl:1: not JSON"):
        open_table(write("d/a.jsonl", "text,label\n"), has_header=True)


def test_a_header_with_a_broken_quotation_is_an_error(write):
    with pytest.raises(DataInvalid, match=r"expected a first row in .*broken quotation"):
        open_table(write("a.csv", '"text,label\nfine,1\n'), has_header=True)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(data())
def test_whatever_stands_in_a_file_is_a_row_a_problem_or_one_error(tmp_path_factory, drawn):
    path = tmp_path_factory.getbasetemp() / f"fuzz{drawn.draw(sampled_from([*FORMATS, '.csv.gz', '.zip']))}"
    pieces = [b"text", b"label", b",", b"\t", b"\n", b"\r", b'"', b"\xff", b"\x00", b"\xef\xbb\xbf", b" ", b"[1]", b"{"]
    pieces += [b'{"text": "a", "label": 1}\n', b'{"text": "\\ud800", "label": null}\n', b"null", b"\xed\xa0\x80"]
    path.write_bytes(b"".join(drawn.draw(lists(sampled_from(pieces), max_size=12))))
    with suppress(DataError):
        names, records = open_table(path, has_header=drawn.draw(booleans()))
        assert all(isinstance(record, Problem) or isinstance(record[1], list) for record in records), names


def test_a_file_that_holds_only_its_byte_order_mark_is_an_error(write):
    with pytest.raises(DataInvalid, match=r"a\.jsonl: it has no lines"):
        open_table(write("d/a.jsonl", b"\xef\xbb\xbf\n"), has_header=True)


def test_the_endings_case_does_not_matter(write):
    assert rows_of(write("d/A.CSV", "text,label\nfine,1\n"))[1] == [("d/A.CSV:2", ["fine", "1"])]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.txt"])
def test_an_empty_file_is_an_error(write, name):
    with pytest.raises(DataInvalid, match="received an empty file"):
        rows_of(write(name, "\n"))
