"""Pictures of every kind that a notebook holds, as the body of a request."""

import base64
import io
import sys
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from app.client.errors import RequestRefused
from app.client.png import png

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

    Array: TypeAlias = npt.NDArray[Any]
    ImageFile: TypeAlias = bytes | str | PathLike[str] | Image
    # A list of bytes is no list of bytes or paths to a type checker.
    Pictures: TypeAlias = (
        list[bytes] | list[str] | list[Path] | list[Image] | list[Array] | list[ImageFile | Array]
        | tuple[ImageFile | Array, ...]
    )  # fmt: skip
else:
    Array = ImageFile = Pictures = Any

EXPECTED = "an image file's bytes or path, a numpy array, or a PIL image"
CHANNELS = (1, 3)
DIGIT_SHAPES = ((28, 28), (28, 28, 1))


def body_of(pictures: Any) -> tuple[Mapping[str, Any], bool]:
    """The JSON of one picture, or of several, and whether it is several; raises `RequestRefused` for what is none.

    Arrays of 28×28, or of 784, are taken as they are, ink high, as MNIST has them. Any other picture goes as an image
    file, in which the server finds the digit. One request holds only the one or the other.
    """
    pictures = _unflattened(pictures)
    several = _is_several(pictures)
    each = [_unflattened(picture) for picture in pictures] if several else [pictures]
    digits = [picture for picture in each if _shape(picture) in DIGIT_SHAPES]
    if digits and len(digits) < len(each):
        raise RequestRefused("expected arrays of 28×28 only, or none of them; received both; send them apart")
    if digits:
        levels = [(_checked(digit).reshape(28, 28) * 1).tolist() for digit in digits]
        return {"pixels": levels if several else levels[0]}, several
    files = [base64.b64encode(_file(picture)).decode() for picture in each]
    return {"images": files} if several else {"image": files[0]}, several


def _unflattened(value: Any) -> Any:
    """An array of 784, or of rows of 784, as 28×28; anything else as it is."""
    shape = _shape(value)
    return value.reshape(*shape[:-1], 28, 28) if shape and len(shape) < 3 and shape[-1] == 784 else value


def _is_several(pictures: Any) -> bool:
    """A list or tuple, or an array with one dimension more than a picture has."""
    shape = _shape(pictures)
    if shape is None:
        return isinstance(pictures, list | tuple)
    return len(shape) == 4 or (len(shape) == 3 and shape[-1] not in CHANNELS)


def _file(picture: Any) -> bytes:
    """One picture as an image file."""
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if isinstance(picture, str | PathLike):
        return _read(Path(picture))
    if _shape(picture) is not None:
        return _encoded(picture)
    if _is_pillow(picture):
        file = io.BytesIO()
        converted = picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGBA")
        converted.save(file, "PNG")
        return file.getvalue()
    raise RequestRefused(f"expected {EXPECTED}; received {type(picture).__name__}")


def _read(path: Path) -> bytes:
    """A file's bytes; raises `RequestRefused` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestRefused(f"expected an image file; received {path}: {error.strerror}") from error


def _encoded(array: Array) -> bytes:
    """An array as a file of 8 bits; levels up to 1 are parts of the brightest."""
    levels = _checked(array)
    levels = (levels * (255.0 if levels.max() <= 1 else 1.0)).round().astype("uint8")
    height, width = levels.shape[:2]
    return png(levels.tobytes(), width, height, channels=levels.shape[2] if levels.ndim == 3 else 1)


def _checked(array: Array) -> Array:
    """The same array, if it is (height, width), or with 1 or 3 channels, of levels from 0 to 1 or to 255."""
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in CHANNELS)) or array.size == 0:
        size = "×".join(map(str, array.shape))
        raise RequestRefused(f"expected a picture of height×width, or with 1 or 3 channels; received {size}")
    if array.dtype.kind not in "buif":
        raise RequestRefused(f"expected numbers in a picture; received {array.dtype}")
    lowest, highest = float(array.min()), float(array.max())
    if not (lowest >= 0 and highest <= 255):
        raise RequestRefused(f"expected levels from 0 to 1, or 0 to 255; received {lowest:g} to {highest:g}")
    return array


def _shape(value: Any) -> tuple[int, ...] | None:
    """A numpy array's shape; None for anything else. Whoever holds an array has imported numpy."""
    numpy = sys.modules.get("numpy")
    return value.shape if numpy is not None and isinstance(value, numpy.ndarray) else None


def _is_pillow(value: Any) -> bool:
    """Whether it is Pillow's image; whoever holds one has imported Pillow."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(value, pillow.Image)
