"""Lines over batch size, drawn with characters."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

WIDTH, HEIGHT = 60, 14
MARKS = "●○■□▲△◆◇"
"""One for each line, in turn; where two meet, the later one is seen."""

Points = Sequence[tuple[int, float]]


def plot_text(lines: Mapping[str, Points]) -> str:
    """Rows per second, from zero, over the rows of a batch, of which each step to the right is as many times more.

    No line is empty, and a value above zero.
    """
    sizes = sorted({x for points in lines.values() for x, _ in points})
    highest = max(y for points in lines.values() for _, y in points)
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for number, points in enumerate(lines.values()):
        places = [(_column(x, sizes), (HEIGHT - 1) * (1 - y / highest)) for x, y in points]
        for start, stop in pairwise(places):
            _join(grid, start, stop)
        for column, row in places:
            grid[round(row)][column] = MARKS[number % len(MARKS)]
    margin = len(f"{highest:,.0f}")
    ticks = {0: f"{highest:,.0f}", HEIGHT // 2: f"{highest * (1 - HEIGHT // 2 / (HEIGHT - 1)):,.0f}", HEIGHT - 1: "0"}
    body = [f"{ticks.get(row, ''):>{margin}} ┤{''.join(cells)}".rstrip() for row, cells in enumerate(grid)]
    legend = "   ".join(f"{MARKS[number % len(MARKS)]} {name}" for number, name in enumerate(lines))
    return "\n".join([*body, f"{'':>{margin}} └{'─' * WIDTH}", f"{'':>{margin}}  {_axis(sizes)}", f"  {legend}"])


def _column(x: int, sizes: Sequence[int]) -> int:
    """Where a batch size stands, on a logarithmic axis from the smallest to the largest."""
    span = math.log(sizes[-1] / sizes[0])
    return round((WIDTH - 1) * math.log(x / sizes[0]) / span) if span else 0


def _join(grid: list[list[str]], start: tuple[int, float], stop: tuple[int, float]) -> None:
    """Dots between two points, where nothing else stands."""
    for column in range(start[0] + 1, stop[0]):
        row = round(start[1] + (stop[1] - start[1]) * (column - start[0]) / (stop[0] - start[0]))
        if grid[row][column] == " ":
            grid[row][column] = "·"


def _axis(sizes: Sequence[int]) -> str:
    """The batch sizes below their columns; one that finds no room is left out."""
    line = ""
    for x in sizes:
        column = _column(x, sizes)
        if not line or column > len(line):
            line = line.ljust(column) + str(x)
    return f"{line} rows"
