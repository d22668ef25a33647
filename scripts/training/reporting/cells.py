"""Figures as a table's cells."""

from collections.abc import Mapping
from typing import Any


def figure(told: Mapping[str, Any]) -> str:
    """A figure with its interval, or a dash where the rows cannot tell."""
    if told["value"] is None:
        return "–"
    low, high = told["interval"]
    return f"{told['value']:.4f} ({low:.4f}–{high:.4f})"


def share(told: Mapping[str, Any]) -> str:
    """A share of few rows with its interval, in per cent."""
    low, high = told["interval"]
    return f"{told['value']:.1%} ({low:.0%}–{high:.0%})"
