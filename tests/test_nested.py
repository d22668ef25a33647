"""What nested lists hold."""

from app.nested import leaf_types


def test_the_types_of_all_depths_are_told() -> None:
    assert leaf_types([1, [2.0, ["a", []]], None]) == {int, float, str, type(None)}
    assert leaf_types([]) == set()
