"""What is said of a version in a few words: its tensors and its size."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.types import Signature, TensorSpec

UNITS = ("B", "KiB", "MiB", "GiB")
STEP = 1024


def signature_lines(signature: Signature) -> Iterator[tuple[str, str]]:
    """Each input and output, by what it is."""
    for spec in signature.inputs:
        yield "input", spec_text(spec)
    for spec in signature.outputs:
        yield "output", spec_text(spec)


def spec_text(spec: TensorSpec) -> str:
    """A tensor in words, -1 being any size."""
    return f"{spec.name} {spec.dtype} {[-1 if size is None else size for size in spec.shape]}"


def parity_text(difference: float, rows: int) -> str:
    """How far a runtime is from the source."""
    return f"differs by {difference:.2g} at most over {rows} rows"


def bytes_in(folder: Path) -> int:
    """The size of all files below the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def size_text(size: float) -> str:
    """Bytes as people read them."""
    unit = 0
    while size >= STEP and unit < len(UNITS) - 1:
        size, unit = size / STEP, unit + 1
    return f"{size:.0f} {UNITS[unit]}" if unit == 0 else f"{size:.1f} {UNITS[unit]}"


def named_lines(lines: Iterable[tuple[str, str]]) -> str:
    """Names to the left, what they have to the right."""
    return "\n".join(f"  {name:<9}{value}" for name, value in lines)
