import pytest

from app.labelled.errors import DataInvalid, RowInvalid
from app.labelled.problems import Problem
from app.labelled.rows import check_text, csv_records, decode, gather, tab_records


def first_two(fields):
    return fields[0], fields[1]


def test_a_byte_order_mark_is_no_part_of_the_text(write):
    assert decode(write("a.txt", b"\xef\xbb\xbfgood\t1\n")) == "good\t1\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_refused_by_name(write, encoding):
    mark = b"" if encoding == "utf-16" else b"\xfe\xff"
    with pytest.raises(DataInvalid, match="received UTF-16; save it again as UTF-8"):
        decode(write("a.txt", mark + "good\t1\n".encode(encoding)))


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_an_empty_file_is_an_error(write, content):
    with pytest.raises(DataInvalid, match="empty file"):
        decode(write("a.txt", content))


def test_a_quoted_field_may_hold_commas_quotes_and_line_breaks(write):
    records = list(csv_records(write("set/a.csv", '"one, ""two""\nthree",1\nfour,2\n')))
    assert records == [("set/a.csv:1", ['one, "two"\nthree', "1"]), ("set/a.csv:3", ["four", "2"])]


def test_a_quotation_that_nobody_closes_takes_no_other_rows_along(write):
    rows = ['"good",1', '"bad,0', "fine,1", "awful,0"]
    records = list(csv_records(write("set/a.csv", "\n".join(rows) + "\n")))
    assert records[0] == ("set/a.csv:1", ["good", "1"])
    assert isinstance(records[1], Problem)
    assert records[1].place == "set/a.csv:2"
    assert "broken quotation" in records[1].reason
    assert records[2:] == [("set/a.csv:3", ["fine", "1"]), ("set/a.csv:4", ["awful", "0"])]


def test_an_open_quotation_does_not_swallow_quoted_rows_behind_it(write):
    records = list(csv_records(write("set/a.csv", '"bad,0\n"fine","1"\n"awful","0"\n')))
    assert [isinstance(record, Problem) for record in records] == [True, False, False]
    assert records[1] == ("set/a.csv:2", ["fine", "1"])


def test_every_line_of_many_open_quotations_is_a_problem_of_its_own(write):
    records = list(csv_records(write("a.csv", '"never closed,1\n' * 2000)))
    assert len(records) == 2000
    assert all(isinstance(record, Problem) for record in records)


def test_the_label_is_what_follows_the_last_tab(write):
    assert list(tab_records(write("u/train.txt", "a\tb\tgood\n"))) == [("u/train.txt:1", ["a\tb", "good"])]


def test_windows_line_ends_and_spaces_are_no_part_of_the_label(write):
    assert list(tab_records(write("u/t.txt", "fine\t good \r\nbad\tbad\r\n"))) == [
        ("u/t.txt:1", ["fine", "good"]),
        ("u/t.txt:2", ["bad", "bad"]),
    ]


def test_only_a_line_feed_ends_a_row(write):
    text = "one\u2028two\x0bthree\x85four"
    assert list(tab_records(write("u/t.txt", f"{text}\tgood"))) == [("u/t.txt:1", [text, "good"])]


def test_a_line_without_a_tab_and_an_empty_line_are_told_apart(write):
    records = list(tab_records(write("u/t.txt", "good film\n\nfine\tgood\n")))
    assert records[:2] == [
        Problem("u/t.txt:1", "no tab between text and label"),
        Problem("u/t.txt:2", "empty line"),
    ]


def test_a_broken_row_is_counted_and_named(write):
    path = write("u/t.txt", b"good\t1\n   \t1\nbad \xff\xfe bytes\t0\nno tab\nbad\t0\nfine\t1\nweak\t0\n")
    rows = gather(path, tab_records(path), first_two)
    assert rows.texts == ["good", "bad", "fine", "weak"]
    assert rows.labels == ["1", "0", "1", "0"]
    assert rows.places == ["u/t.txt:1", "u/t.txt:5", "u/t.txt:6", "u/t.txt:7"]
    assert rows.problems == [
        Problem("u/t.txt:2", "empty text"),
        Problem("u/t.txt:3, byte 0xff", "bytes that are not UTF-8"),
        Problem("u/t.txt:4", "no tab between text and label"),
    ]


def test_white_space_around_a_text_is_no_part_of_it(write):
    path = write("t.txt", " good film \tgood\n\u3000很好\tgood\n")
    assert gather(path, tab_records(path), first_two).texts == ["good film", "很好"]


def test_a_file_of_mostly_broken_rows_is_an_error_with_examples(write):
    path = write("u/t.txt", "good\t1\n" + "no tab here\n" * 9)
    with pytest.raises(DataInvalid, match=r"9 of 10 are broken \(u/t\.txt:2: no tab.*encoding"):
        gather(path, tab_records(path), first_two)


def test_a_chinese_file_in_another_encoding_is_an_error(write):
    path = write("u/t.txt", "这部电影很好\t好\n这部电影很差\t差\n".encode("gbk"))
    with pytest.raises(DataInvalid, match="not UTF-8"):
        gather(path, tab_records(path), first_two)


def test_utf16_without_a_mark_is_an_error(write):
    path = write("u/t.txt", "a good film\tgood\na bad film\tbad\n".encode("utf-16-le"))
    with pytest.raises(DataInvalid, match="are broken"):
        gather(path, tab_records(path), first_two)


@pytest.mark.parametrize("text", ["", " \t\n", "\u3000", "\ufeff", "\u200b "])
def test_a_text_that_shows_nothing_is_empty(text):
    with pytest.raises(RowInvalid, match="empty text"):
        check_text(text)


@pytest.mark.parametrize("text", ["0", "!", "👍", "很好"])
def test_a_short_text_is_still_a_text(text):
    check_text(text)


def test_a_nul_character_is_no_text():
    with pytest.raises(RowInvalid, match="NUL"):
        check_text("g\x00o\x00")
