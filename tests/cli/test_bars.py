import pytest

from app.cli.bars import bar, signed_bar


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "    "), (0.5, "██  "), (1, "████"), (2, "████"), (-1, "    "), (1 / 32, "▏   "), (0.28, "█▏  ")],
)
def test_a_bar_is_as_long_as_its_share(share, shown):
    assert bar(share, 4) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "    │    "), (0.5, "    │██  "), (-0.5, "  ██│    "), (-0.125, "   ▐│    "), (-3, "████│    ")],
)
def test_a_signed_bar_grows_from_the_middle(share, shown):
    assert signed_bar(share, 4) == shown
