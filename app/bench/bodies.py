"""What is sent: a text, many texts, a picture as numbers or as PNG, the user's own file, the server's example."""

import io
import json
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageDraw

from app.bench.errors import BenchInvalid
from app.bench.request import Body

Kind = Literal["text", "texts", "pixels", "png"]

JSON = "application/json"
TEXT = (
    "This movie was great and I loved the acting, the story and the music; the ending was a bit slow, "
    "but I would watch it again"
)
SEVEN = ((7, 6), (20, 6), (12, 22))
"""The corners of a handwritten 7 in 28×28 pixels."""

MAX_FILE_BYTES = 64 * 2**20


def body_of(kind: Kind, rows: int) -> Body:
    """The built-in body of that kind; `rows` texts in one request where the kind is `texts`."""
    match kind:
        case "text":
            return _json({"text": TEXT})
        case "texts":
            return _json({"texts": [TEXT] * rows}, rows)
        case "pixels":
            picture = _seven()
            numbers = list(picture.tobytes())
            return _json({"pixels": [numbers[start : start + 28] for start in range(0, 784, 28)]})
        case "png":
            file = io.BytesIO()
            _seven().save(file, "PNG")
            return Body(file.getvalue(), "image/png")


def body_of_example(value: Any) -> Body:
    """The example that the server's own OpenAPI document gives, one input."""
    return _json(value)


def body_of_file(path: Path, content_type: str) -> Body:
    """A file as it stands; raises `BenchInvalid` where it cannot be read."""
    return Body(_read(path), content_type)


def bodies_of_texts(path: Path, rows: int) -> list[Body]:
    """The file's lines, one text each, `rows` of them in each request; what is left over at the end is not sent.

    Raises `BenchInvalid` for a file that cannot be read, is not UTF-8, or has fewer texts.
    """
    try:
        lines = _read(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BenchInvalid(f"expected UTF-8 in {path}; received {error}") from None
    texts = [line.strip() for line in lines if line.strip()]
    if len(texts) < rows:
        raise BenchInvalid(f"expected at least {rows} lines of text in {path}; received {len(texts)}")
    if rows == 1:
        return [_json({"text": text}) for text in texts]
    return [_json({"texts": texts[start : start + rows]}, rows) for start in range(0, len(texts) - rows + 1, rows)]


def _read(path: Path) -> bytes:
    """The file's bytes."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BenchInvalid(f"expected at most {MAX_FILE_BYTES:,} bytes in {path}; received {path.stat().st_size:,}")
        return path.read_bytes()
    except OSError as error:
        raise BenchInvalid(f"cannot read {path}: {error.strerror}") from None


def _json(value: Any, rows: int = 1) -> Body:
    """The value as a JSON body."""
    return Body(json.dumps(value, ensure_ascii=False).encode(), JSON, rows)


def _seven() -> Image.Image:
    """A white 7 on black, 28×28."""
    picture = Image.new("L", (28, 28))
    ImageDraw.Draw(picture).line(SEVEN, fill=255, width=2)
    return picture
