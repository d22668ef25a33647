"""What the user asks about: one text, picture or row, or a file of them."""

import json
import sys
from pathlib import Path
from typing import Any

from app.cli.prediction.model import Model
from app.cli.prediction.tables.folder import PICTURES
from app.cli.prediction.tables.opening import TABLES, form_of
from app.labelled.errors import DataInvalid, DataMissing
from app.nearest import nearest_hint

STANDARD_INPUT = "-"


def file_of(given: str) -> Path | None:
    """The table or folder that is given; None for one input. Raises `DataMissing` for a table that is not there."""
    path = _existing(given)
    if path is not None:
        return path if path.is_dir() or form_of(path) else None
    if form_of(Path(given)) and given == "".join(given.split()):
        raise _missing(Path(given))
    return None


def one_of(given: str, model: Model) -> Any:
    """The one input that is given for this model, as an `Asker` takes it.

    It stands there as it is, in a file, or on standard input where `-` is given. Raises `DataInvalid` or `DataMissing`
    where it is none that the model takes.
    """
    match model.kind:
        case "text":
            return _text(given)
        case "picture":
            return _picture(given)
        case "tensors":
            return _row(given, model)


def _text(given: str) -> str:
    if given == STANDARD_INPUT:
        return _decoded(sys.stdin.buffer.read(), "standard input").strip()
    path = _existing(given)
    if path is not None:
        raise DataInvalid(
            f"expected a text, or a table ({', '.join(TABLES)}); received the file {path}; to ask about what is in it: "
            f"horngate predict MODEL - < {path}"
        )
    return given


def _picture(given: str) -> Any:
    if given == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    path = _existing(given)
    if path is None:
        raise _missing(Path(given))
    return path


def _row(given: str, model: Model) -> dict[str, Any]:
    """A row of each tensor from JSON."""
    path = _existing(given)
    text = given
    if given == STANDARD_INPUT:
        text = _decoded(sys.stdin.buffer.read(), "standard input")
    elif path is not None:
        text = _decoded(_content(path), str(path))
    names = [spec.name for spec in model.inputs]
    example = "'{" + ", ".join(f'"{name}": …' for name in names) + "}'"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataInvalid(f"expected a row of {model.place} in JSON, such as {example}; {error}") from None
    if isinstance(value, dict):
        return value
    if len(names) > 1:
        raise DataInvalid(f"expected a row of each input by name, {example}; received a value without names")
    return {names[0]: value}


def _content(path: Path) -> bytes:
    """A file's bytes; raises `DataInvalid` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataInvalid(f"{path} cannot be read: {error.strerror}") from None


def _decoded(content: bytes, place: str) -> str:
    """Bytes as text; raises `DataInvalid` where they are not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise DataInvalid(f"expected UTF-8 from {place}; received byte 0x{content[error.start]:02x}") from None


def _existing(given: str) -> Path | None:
    """The path, if anything is there."""
    path = Path(given)
    try:
        return path if given != STANDARD_INPUT and path.exists() else None
    except (OSError, ValueError):  # a text may be too long for a path, or hold what none can
        return None


def _missing(path: Path) -> DataMissing:
    """What to tell of a file that is not there, with the nearest that is."""
    folder = path.parent
    known = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    wanted = (*TABLES, *PICTURES)
    hint = nearest_hint(path.name, [name for name in known if name.lower().endswith(wanted)])
    return DataMissing(f"there is no file {path}{hint}")
