"""What a check finds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how bad it is, what is there, and what to do where it is not ok."""

    level: Level
    area: str
    found: str
    advice: str = ""


def ok(area: str, found: str) -> Finding:
    """Nothing is to be done."""
    return Finding("ok", area, found)


def warning(area: str, found: str, advice: str) -> Finding:
    """It works, but worse than it could, or not for long."""
    return Finding("warning", area, found, advice)


def problem(area: str, found: str, advice: str) -> Finding:
    """It does not work."""
    return Finding("problem", area, found, advice)
