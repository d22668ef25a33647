"""Parts of labelled rows: chosen, put together, and held out by their content.

What is held out depends on the rows' content alone, not on their order, and rows of the same content stay on one side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from app.labelled.content import content_of, digest
from app.types import Array
from scripts.training.data.types import Split


def fingerprints(split: Split) -> list[bytes]:
    """What tells equal rows: 16 bytes each, of the compared text or of the image's pixels."""
    if isinstance(split.inputs, np.ndarray):
        return [digest(image.tobytes()) for image in split.inputs]
    return [digest(content_of(text).encode()) for text in split.inputs]


def select(split: Split, rows: Sequence[int] | Array) -> Split:
    """The rows of these indices, in their order."""
    indices = np.asarray(rows, dtype=np.int64)
    if isinstance(split.inputs, np.ndarray):
        return Split(split.inputs[indices], split.targets[indices])
    return Split([split.inputs[index] for index in indices.tolist()], split.targets[indices])


def concatenate(splits: Sequence[Split]) -> Split:
    """All rows of all splits (at least one, all texts or all images), in order."""
    targets = np.concatenate([split.targets for split in splits])
    images = [split.inputs for split in splits if isinstance(split.inputs, np.ndarray)]
    if images:
        return Split(np.concatenate(images), targets)
    return Split([text for split in splits for text in split.inputs], targets)


def hold_out(split: Split, share: float, salt: str) -> tuple[Split, Split]:
    """Split into (kept, held), `share` of each class's rows being held, chosen by a hash of their content and `salt`.

    A content that stands under two classes counts as the class of its first row. Of a class with at least two contents
    one is held and one kept at least; a class of a single content is kept.
    """
    held: list[int] = []
    for contents in rows_by_content(split):
        held += _hold_out_of_class([contents[content] for content in ranked(contents, salt)], share)
    is_held = np.zeros(len(split.targets), dtype=bool)
    is_held[held] = True
    return select(split, np.flatnonzero(~is_held)), select(split, np.flatnonzero(is_held))


def rows_by_content(split: Split) -> Sequence[Mapping[bytes, list[int]]]:
    """Of each class the rows of each content; one that stands under two classes counts as that of its first row."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for row, fingerprint in enumerate(fingerprints(split)):
        groups[fingerprint].append(row)
    classes: dict[int, dict[bytes, list[int]]] = defaultdict(dict)
    for fingerprint, rows in groups.items():
        classes[int(split.targets[rows[0]])][fingerprint] = rows
    return list(classes.values())


def carve_validation(train: Split, share: float = 0.1, seed: int = 0) -> tuple[Split, Split]:
    """Split the training part into (train, validation): stratified, repeatable, duplicates on one side."""
    return hold_out(train, share, salt=f"validation {seed}")


def ranked(contents: Iterable[bytes], salt: str) -> list[bytes]:
    """In an order that the contents and the salt alone decide."""
    return sorted(contents, key=lambda content: digest(salt.encode() + content))


def _hold_out_of_class(groups: list[list[int]], share: float) -> list[int]:
    """Rows of the first groups that fit, until the share is reached; a group too large for it would distort it."""
    wanted = share * sum(len(rows) for rows in groups)
    fitting = [rows for rows in groups if len(rows) <= max(wanted, 1)] or [min(groups, key=len)]
    held: list[int] = []
    for rows in fitting[: len(groups) - 1]:
        if len(held) >= wanted:
            break
        held += rows
    return held
