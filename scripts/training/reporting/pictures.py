"""The confusion of labels, and grids of digits."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.bench.chart import WIDTH
from app.evaluation.judged import Judged
from app.types import Array
from scripts.training.reporting.blocks import Picture
from scripts.training.reporting.svg import drawing, text

CELL, MARGIN = 64, 110
SIDE, CAPTION, ACROSS = 84, 22, 5
SHOWN = 25


def confusion(judged: Judged) -> Picture:
    """Rows of each true label by predicted label, shaded by their share of the true label."""
    counts, labels = judged.confusion, judged.labels
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    parts = [text("predicted", MARGIN + CELL * len(labels) / 2, 14, "name"), text("true", 4, 34, "name", "start")]
    for place, label in enumerate(labels):
        parts.append(text(label, MARGIN + CELL * (place + 0.5), 34))
        parts.append(text(label, MARGIN - 8, 44 + CELL * (place + 0.55), anchor="end"))
    for (row, column), count in np.ndenumerate(counts):
        x, y = MARGIN + CELL * column, 44 + CELL * row
        shade = f'fill-opacity="{0.75 * shares[row, column]:.3f}"'
        parts.append(f'<rect class="cell" {shade} x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}"/>')
        parts.append(text(f"{count:,}", x + CELL / 2, y + CELL * 0.55, "name"))
    side = CELL * len(labels)
    title = "Rows by true and predicted label"
    return Picture("confusion", title, drawing(title, max(MARGIN + side + 8, WIDTH), 52 + side, parts))


def digit_grid(name: str, title: str, images: Array, captions: Sequence[tuple[str, bool]]) -> Picture:
    """At most 25 images (rows, 28, 28) uint8 in a grid, each with its caption, and whether that is right."""
    parts = []
    for place, (image, (caption, is_right)) in enumerate(zip(images[:SHOWN], captions[:SHOWN], strict=True)):
        x, y = (place % ACROSS) * (SIDE + 10), (place // ACROSS) * (SIDE + CAPTION + 6)
        parts.append(f'<image class="pixels" x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" href="{_png(image)}"/>')
        parts.append(text(caption, x + SIDE / 2, y + SIDE + 16, "name" if is_right else "wrong"))
    rows = -(-min(len(images), SHOWN) // ACROSS)
    return Picture(name, title, drawing(title, WIDTH, max(rows, 1) * (SIDE + CAPTION + 6), parts))


def _png(image: Array) -> str:
    """An image as a data URL."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
