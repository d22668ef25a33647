"""From what a file calls its labels to a model's own."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.labelled.errors import DataInvalid
from app.nearest import nearest_hint
from app.types import Array


def targets_of(
    labels: Sequence[str], places: Sequence[str], known: Sequence[str], meanings: Mapping[str, str]
) -> Array:
    """Positions in the model's labels `known` (rows,) int64, of what stands in the rows at `places`.

    `meanings` says which of `known` a label stands for. Without them a label is one of `known`, whatever its case, or
    its position from 0; which of the two, the first row tells. Raises `DataInvalid` naming the first row that does not
    fit, and where all rows have the same label.
    """
    positions = _positions(labels, known, meanings)
    found = [positions.get(label.casefold(), -1) for label in labels]
    if -1 in found:
        row = found.index(-1)
        raise DataInvalid(
            f"{places[row]}: expected a label of {', '.join(positions)}; received {labels[row][:40]!r}; "
            f"say what the labels stand for with --labels, such as --labels {labels[row][:40]}={known[0]}"
        )
    targets = np.array(found, dtype=np.int64)
    present = np.unique(targets)
    if len(present) < 2:
        only = known[present[0]] if len(present) else "no rows"
        raise DataInvalid(f"expected rows of at least two labels; received only {only}; add rows of another label")
    return targets


def _positions(labels: Sequence[str], known: Sequence[str], meanings: Mapping[str, str]) -> dict[str, int]:
    """Position by what stands in the file."""
    by_name = {name.casefold(): position for position, name in enumerate(known)}
    if not meanings:
        is_named = not labels or labels[0].casefold() in by_name
        return by_name if is_named else {str(position): position for position in range(len(known))}
    for meaning in meanings.values():
        if meaning.casefold() not in by_name:
            hint = nearest_hint(meaning, known)
            raise DataInvalid(f"expected --labels to lead to {', '.join(known)}; received {meaning!r}{hint}")
    return {label.casefold(): by_name[meaning.casefold()] for label, meaning in meanings.items()}
