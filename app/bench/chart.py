"""Line charts as inline SVG, coloured by the page's style sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from app.bench.axis import Axis

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 168, 16, 52
COLOURS = 8
"""How many the style sheet has; further lines are dashed."""

LEGEND_LINE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its name in the legend; `has_marks` shows where it was measured, `labels` stand beside the marks."""

    name: str
    points: Sequence[tuple[float, float]]
    has_marks: bool = False
    labels: Sequence[str] = ()


def draw(title: str, x_axis: Axis, y_axis: Axis, lines: Sequence[Line]) -> str:
    """An SVG element; `title` is what a screen reader says."""
    height = max(HEIGHT, TOP + BOTTOM + LEGEND_LINE * len(lines))
    canvas = _Canvas(x_axis, y_axis, height)
    parts = [*canvas.grid(), *(part for number, line in enumerate(lines) for part in canvas.line(number, line))]
    head = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The room between the axes."""

    x_axis: Axis
    y_axis: Axis
    height: int

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * self.x_axis.place(value)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * self.y_axis.place(value)

    def grid(self) -> Iterator[str]:
        """Ticks, grid lines and the axes' names."""
        right, bottom = WIDTH - RIGHT, self.height - BOTTOM
        for value, text in self.y_axis.ticks:
            y = self.y(value)
            yield f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for value, text in self.x_axis.ticks:
            x = self.x(value)
            yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>'
            yield f'<text class="tick" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{escape(text)}</text>'
        middle = (LEFT + right) / 2
        name = escape(self.x_axis.label)
        yield f'<text class="name" x="{middle}" y="{bottom + 40}" text-anchor="middle">{name}</text>'
        turned = f"rotate(-90 14 {(TOP + bottom) / 2})"
        yield (
            f'<text class="name" x="14" y="{(TOP + bottom) / 2}" text-anchor="middle" transform="{turned}">'
            f"{escape(self.y_axis.label)}</text>"
        )

    def line(self, number: int, line: Line) -> Iterator[str]:
        """One line, its marks, and its place in the legend."""
        style = f"c{number % COLOURS}{' dashed' if number >= COLOURS else ''}"
        places = [(self.x(x), self.y(y)) for x, y in line.points]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline class="line {style}" points="{points}"/>'
        if line.has_marks:
            for x, y in places:
                yield f'<circle class="mark {style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        for (x, y), text in zip(places, line.labels, strict=False):
            yield f'<text class="tick" x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        left, y = WIDTH - RIGHT + 16, TOP + 10 + LEGEND_LINE * number
        yield f'<line class="line {style}" x1="{left}" x2="{left + 22}" y1="{y}" y2="{y}"/>'
        yield f'<text class="tick" x="{left + 30}" y="{y + 4}">{escape(line.name)}</text>'
