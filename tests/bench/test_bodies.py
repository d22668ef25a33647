"""What is sent."""

import io
import json

import pytest
from PIL import Image

from app.bench.bodies import TEXT, bodies_of_texts, body_of, body_of_example, body_of_file
from app.bench.errors import BenchInvalid
from app.bench.request import Body


def test_a_text_and_many_texts():
    assert json.loads(body_of("text", 1).content) == {"text": TEXT}
    many = body_of("texts", 64)
    assert json.loads(many.content) == {"texts": [TEXT] * 64}
    assert (many.rows, many.content_type) == (64, "application/json")


def test_pixels_and_png_are_the_same_picture_of_28_by_28():
    pixels = json.loads(body_of("pixels", 1).content)["pixels"]
    png = body_of("png", 1)
    with Image.open(io.BytesIO(png.content)) as picture:
        assert (picture.size, picture.mode, png.content_type) == ((28, 28), "L", "image/png")
        assert list(picture.tobytes()) == [value for row in pixels for value in row]
    assert max(map(max, pixels)) == 255
    assert [len(row) for row in pixels] == [28] * 28


def test_an_example_is_sent_as_it_stands():
    assert json.loads(body_of_example({"text": "好"}).content) == {"text": "好"}


def test_a_file_is_sent_as_it_stands(tmp_path):
    (tmp_path / "body").write_bytes(b"\x00\xff")
    assert body_of_file(tmp_path / "body", "x/y") == Body(b"\x00\xff", "x/y")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BenchInvalid, match=r"cannot read .*missing: No such file"):
        body_of_file(tmp_path / "missing", "x/y")


def test_a_file_that_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("app.bench.bodies.MAX_FILE_BYTES", 3)
    (tmp_path / "body").write_bytes(b"1234")
    with pytest.raises(BenchInvalid, match=r"expected at most 3 bytes in .*body; received 4"):
        body_of_file(tmp_path / "body", "x/y")


def test_each_line_is_a_text_and_blank_ones_are_none(tmp_path):
    path = tmp_path / "texts"
    path.write_bytes("\ufeffone\r\n\r\n  \n两\u2028个\n".encode())
    assert [json.loads(body.content) for body in bodies_of_texts(path, 1)] == [{"text": "one"}, {"text": "两\u2028个"}]


def test_lines_are_sent_in_groups_and_what_is_left_over_is_not(tmp_path):
    path = tmp_path / "texts"
    path.write_text("a\nb\nc\nd\ne\n")
    bodies = bodies_of_texts(path, 2)
    assert [(json.loads(body.content)["texts"], body.rows) for body in bodies] == [(["a", "b"], 2), (["c", "d"], 2)]


def test_too_few_lines_and_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "texts"
    path.write_text("a\n")
    with pytest.raises(BenchInvalid, match=r"expected at least 2 lines of text in .*; received 1"):
        bodies_of_texts(path, 2)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BenchInvalid, match=r"expected UTF-8 in "):
        bodies_of_texts(path, 1)
