import pytest

from app.labelled.errors import DataInvalid
from app.labelled.idx import format_idx, parse_idx

TWO_ROWS = b"\x00\x00\x08\x02" + b"\x00\x00\x00\x02" + b"\x00\x00\x00\x03" + bytes(range(6))


def test_the_values_come_in_the_shape_that_the_header_tells():
    assert parse_idx(TWO_ROWS).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_written_is_read_again():
    assert format_idx(parse_idx(TWO_ROWS)) == TWO_ROWS


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x08", b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00", b"PNG and so on"])
def test_what_is_no_idx_file_is_an_error(content):
    with pytest.raises(DataInvalid, match="IDX"):
        parse_idx(content)


def test_an_idx_file_that_is_too_short_is_an_error():
    with pytest.raises(DataInvalid, match="after the IDX header; received"):
        parse_idx(TWO_ROWS[:-1])
