"""Image files to grey levels, and pictures of a digit to 28×28 pixels.

No picture takes more than about 256 MiB while it is decoded: forms of which a decoder keeps more per pixel are limited
to fewer pixels, and what comes out of the decoder is turned to grey in strips.
"""

import io
import re
import threading
import warnings
from typing import Final

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from app.errors import BodyMalformed, RequestInvalid, TooLarge
from app.processing.mnist import in_mnists_form
from app.processing.paper import ink_of
from app.types import Array

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "BMP": "image/bmp"}
"""What is read, by Pillow's name of the format."""

MAX_PIXELS = 50_000_000
"""A larger picture is refused by its header, before any memory is taken for it; it takes up to 5 bytes per pixel."""

MAX_COEFFICIENT_PIXELS = 30_000_000
"""The same for progressive and CMYK JPEG, of which up to 8 bytes of coefficients per pixel are kept."""

MAX_WEBP_PIXELS = 15_000_000
"""The same for WebP, whose decoder and Pillow keep four copies of 4 bytes per pixel."""

WORKING_SIDE = 128
"""Larger pictures are first scaled down so that their longer side is this; it is enough, and averages noise away."""

STRIP_PIXELS = 2**18
"""About how many pixels are turned to grey at a time."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by Exif's orientation."""

PILLOWS_MODULES = r"PIL\."
PILLOWS_WARNINGS: Final[object] = ("ignore", None, Warning, re.compile(PILLOWS_MODULES), 0)
"""Python's filter that ignores Pillow's warnings, as `warnings.filters` holds it."""

_filtering = threading.Lock()


def media_type_of(data: bytes) -> str | None:
    """The media type that the first bytes tell, or None where it is no readable image."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return MEDIA_TYPES["PNG"]
    if data[:3] == b"\xff\xd8\xff":
        return MEDIA_TYPES["JPEG"]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MEDIA_TYPES["WEBP"]
    if data[:2] == b"BM":
        return MEDIA_TYPES["BMP"]
    return None


def unpacked_bytes(data: bytes) -> int:
    """About how many bytes an image file unpacks to.

    A PNG's header says it. Of the others the most that is read is assumed: a short file may hold a large picture.
    """
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return MAX_PIXELS
    return int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])


def decode_grey(data: bytes) -> Array:
    """Decode an image file to grey levels (height, width) float32, 0 black to 1 white, transparent parts as white.

    The longer side is at most `WORKING_SIDE`. May be called on several threads at once. Raises `BodyMalformed` for what
    is no PNG, JPEG, WebP or BMP, or is cut short, and `TooLarge` above `MAX_PIXELS` and its fellows.
    """
    _silence_pillow()
    try:
        image = _upright(data)
        if max(image.size) > WORKING_SIDE:
            image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
        grey = np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width).astype(np.float32)
    except RequestInvalid:
        raise
    except UnidentifiedImageError:
        raise BodyMalformed("expected a PNG, JPEG, WebP or BMP image; received something else") from None
    except Image.DecompressionBombError:
        raise TooLarge(f"expected an image of at most {MAX_PIXELS:,} pixels; received a far larger one") from None
    except Exception as error:  # noqa: BLE001  # in hostile bytes Pillow's readers stumble over anything
        raise BodyMalformed(f"the image is damaged or cut short: {error}") from None
    grey /= 255
    return grey


def to_digit(grey: Array) -> Array:
    """Turn a picture (height, width) of 0 black to 1 white into MNIST's form: (28, 28) float32, ink 1 on 0.

    Raises `InputInvalid` where the picture is blank.
    """
    return in_mnists_form(ink_of(grey))


def _silence_pillow() -> None:
    """Have Python ignore Pillow's warnings about odd files from now on: whoever sent the file gets the answer.

    `warnings.catch_warnings` would undo it, but on threads it may restore what another thread had set.
    """
    if PILLOWS_WARNINGS not in warnings.filters:
        with _filtering:
            warnings.filterwarnings("ignore", module=PILLOWS_MODULES)


def _upright(data: bytes) -> Image.Image:
    """The picture in grey, as its Exif data turn it."""
    grey, orientation = _grey_and_orientation(data)
    turn = TURNS.get(orientation)
    return grey if turn is None else grey.transpose(turn)


def _grey_and_orientation(data: bytes) -> tuple[Image.Image, int]:
    """The picture in grey, scaled down as far as its format can do that while it decodes, and Exif's orientation."""
    if data[8:12] == b"WEBP":  # its reader takes memory as soon as it is opened
        _check_size(_webp_size(data), MAX_WEBP_PIXELS, " as WebP")
    image = Image.open(io.BytesIO(data), formats=tuple(MEDIA_TYPES))
    if image.info.get("progressive") or image.mode == "CMYK":
        _check_size(image.size, MAX_COEFFICIENT_PIXELS, " as progressive or CMYK JPEG")
    _check_size(image.size, MAX_PIXELS)
    image.draft("L", (WORKING_SIDE, WORKING_SIDE))
    image.load()
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1) if image.info else 1
    return _grey(image), orientation


def _check_size(size: tuple[int, int], max_pixels: int, form: str = "") -> None:
    """Raise `TooLarge` above so many pixels."""
    width, height = size
    if width * height > max_pixels:
        raise TooLarge(
            f"expected an image of at most {max_pixels:,} pixels{form}; received {width}×{height}; "
            "scale it down before sending"
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height in a WebP's header, whatever they are in a damaged one (RFC 9649, section 2)."""
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        sides = int.from_bytes(data[21:25], "little")
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _grey(image: Image.Image) -> Image.Image:
    """Grey levels, whatever the colour mode, transparent parts as white; strip by strip, to hold no second picture."""
    if image.mode == "L" and not image.has_transparency_data:
        return image
    top = 65535 if image.mode.startswith(("I", "F")) and np.max(image.getextrema()) > 255 else 255
    rows = max(1, STRIP_PIXELS // image.width)
    if rows >= image.height:
        return _grey_strip(image, top)
    grey = Image.new("L", image.size)
    for start in range(0, image.height, rows):
        strip = image.crop((0, start, image.width, min(start + rows, image.height)))
        grey.paste(_grey_strip(strip, top), (0, start))
    return grey


def _grey_strip(image: Image.Image, top: int) -> Image.Image:
    """Grey levels of a strip; of 16 bits, `top` is white."""
    if image.mode.startswith(("I", "F")):
        levels = np.asarray(image, dtype=np.float32)
        return Image.fromarray(np.clip(levels / top * 255, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L")
