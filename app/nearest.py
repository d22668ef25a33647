"""The nearest of the names that exist, for who misspelt one."""

import difflib
from collections.abc import Iterable


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where one of the known names is near, else nothing."""
    nearest = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
