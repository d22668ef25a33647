"""What a page is made of; `markdown` and `page` write each in its own language.

A text may hold `code` between backticks; nothing else is markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section, of level 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A command, as it is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of at least one row, whose first column names the rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or a grid of images: an SVG element, the name of its file beside the card, and what it shows."""

    name: str
    title: str
    svg: str


Block = Heading | Paragraph | Listing | Table | Picture
