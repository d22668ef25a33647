"""The sentence files: `label<TAB>category<TAB>style<TAB>text` a line, `#` before what is not one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.labelled.errors import DataInvalid

FOLDER = Path(__file__).parent
LANGUAGES = ("english", "chinese")
LABELS = ("negative", "positive")
STYLES = ("plain", "negated", "informal", "short", "mixed")
"""`mixed` names the other side as well: a little heavy, but the camera is outstanding."""

Half = Literal["development", "held_out"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about a thing of `category`; `label` is `positive` or `negative`, whatever else it mentions."""

    label: str
    category: str
    style: str
    text: str


def read_sentences(language: str, half: Half, folder: Path = FOLDER) -> list[Sentence]:
    """The sentences of one half; raises `DataInvalid` naming the line that is none."""
    path = folder / f"{language}_{half}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_sentence(path, number, line) for number, line in enumerate(lines, 1) if not line.startswith("#")]


def _sentence(path: Path, number: int, line: str) -> Sentence:
    cells = line.split("\t")
    if len(cells) != 4 or cells[0] not in LABELS or cells[2] not in STYLES:
        raise DataInvalid(
            f"{path.name}, line {number}: expected label ({' or '.join(LABELS)}), category, style "
            f"({', '.join(STYLES)}) and text, with a tab between; received {line!r}"
        )
    return Sentence(*cells)
