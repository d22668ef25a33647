"""The nearest name."""

from app.nearest import nearest_hint


def test_the_nearest_name_is_offered() -> None:
    assert nearest_hint("imgae", iter(["image", "name"])) == "; did you mean 'image'?"


def test_nothing_is_offered_where_no_name_is_near() -> None:
    assert nearest_hint("zzz", ["image", "name"]) == ""
    assert nearest_hint("image", []) == ""
