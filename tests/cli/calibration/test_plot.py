"""Lines drawn with characters."""

from app.cli.calibration.plot import HEIGHT, WIDTH, plot_text


def test_lines_stand_at_their_values_over_a_logarithmic_axis():
    text = plot_text({"fast": [(1, 500), (8, 1000), (64, 1000)], "slow": [(1, 0.4), (64, 500)]})
    *grid, rule, axis, legend = text.splitlines()
    assert len(grid) == HEIGHT
    assert grid[0].startswith("1,000 ┤")
    assert grid[-1] == "    0 ┤○" + "·" * 4
    top = grid[0].partition("┤")[2]
    assert (top.index("●"), top.rindex("●")) == (30, WIDTH - 1)
    assert rule == "      └" + "─" * WIDTH
    assert axis.split() == ["1", "8", "64", "rows"]
    assert axis.index("8") == len("    0 ┤") + 30
    assert legend.split() == ["●", "fast", "○", "slow"]


def test_where_two_meet_the_later_one_is_seen():
    text = plot_text({"one": [(1, 10), (2, 10)], "two": [(1, 10), (2, 5)]})
    assert text.splitlines()[0].partition("┤")[2][0] == "○"


def test_one_batch_size_is_a_point():
    text = plot_text({"one": [(8, 10)]})
    assert text.splitlines()[0] == "10 ┤●"
    assert text.splitlines()[-2].split() == ["8", "rows"]


def test_a_batch_size_that_finds_no_room_below_the_axis_is_left_out():
    text = plot_text({"one": [(1000, 1), (1001, 2), (1_000_000, 3)]})
    assert text.splitlines()[-2].split() == ["1000", "1000000", "rows"]
