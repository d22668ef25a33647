from pathlib import Path

import pytest

from app.cli.prediction.columns import reader_of
from app.labelled.errors import DataInvalid, RowInvalid

HERE = Path("data")


@pytest.mark.parametrize(
    ("columns", "named", "expected"),
    [
        (("id", "Text", "label"), (), "b"),
        (("a", "b", "c"), ("c", "a"), "c a"),
        (("a",), (), "a"),
        (("comment", "review", "x"), (), "b"),
    ],
)
def test_the_text_is_the_named_columns_or_the_usual_one(text_model, columns, named, expected):
    read = reader_of(text_model, columns, named, HERE)
    assert read(dict(zip(columns, "abc", strict=False))) == expected


@pytest.mark.parametrize(
    ("columns", "named", "message"),
    [
        (("title", "body"), (), "expected a column text, .*received 'title', 'body'; name it with --column"),
        (("title", "body"), ("bodi",), "expected a column 'bodi' .*did you mean 'body'"),
        (tuple(f"c{n}" for n in range(30)), (), "and 10 more"),
    ],
)
def test_columns_that_cannot_be_known_are_told_with_those_that_there_are(text_model, columns, named, message):
    with pytest.raises(DataInvalid, match=message):
        reader_of(text_model, columns, named, HERE)


def test_a_row_that_lacks_the_column_is_broken(text_model):
    read = reader_of(text_model, ("text", "n"), (), HERE)
    with pytest.raises(RowInvalid, match="expected a column 'text'; received none in this row"):
        read({"n": 1})


def test_pictures_are_a_column_or_784_of_pixels(picture_model):
    assert reader_of(picture_model, ("image", "label"), (), HERE)({"image": "a.png"}) == HERE / "a.png"
    pixels = tuple(f"pixel{number}" for number in range(784))
    read = reader_of(picture_model, ("label", *pixels), (), HERE)
    assert read({"label": 3} | dict.fromkeys(pixels, "7")).tolist() == [[7] * 28] * 28
    with pytest.raises(DataInvalid, match="expected one column of pictures, or 784 of pixels; received 2"):
        reader_of(picture_model, ("a", "b"), ("a", "b"), HERE)


def test_every_tensor_has_the_column_of_its_name(tensor_model):
    read = reader_of(tensor_model(left=(2,), right=()), ("right", "id", "left"), (), HERE)
    assert read({"left": "[1, 2]", "right": "3", "id": "x"}) == {"left": [1, 2], "right": 3}
    with pytest.raises(DataInvalid, match="expected the columns left, right, the inputs of mine/1; received 'left'"):
        reader_of(tensor_model(left=(2,), right=()), ("left",), (), HERE)


def test_the_only_tensor_is_one_column_or_as_many_as_it_has_numbers(tensor_model):
    model = tensor_model(x=(3,))
    assert reader_of(model, ("a", "b", "c"), (), HERE)({"a": "1", "b": "2", "c": "3"}) == {"x": [1, 2, 3]}
    assert reader_of(model, ("v",), (), HERE)({"v": [1, 2, 3]}) == {"x": [1, 2, 3]}
    assert reader_of(model, ("a", "b", "c", "d"), ("b", "c", "d"), HERE)({"b": 1, "c": 2, "d": 3}) == {"x": [1, 2, 3]}
    with pytest.raises(DataInvalid, match="expected a column 'x', the input of mine/1, or 3 of numbers; received 'a'"):
        reader_of(model, ("a", "b"), (), HERE)
    with pytest.raises(DataInvalid, match="expected a column 'x', the input of mine/1; received"):
        reader_of(tensor_model(x=(2, 2)), ("a", "b"), ("a", "b"), HERE)
