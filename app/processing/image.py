"""Pictures of a digit to 28×28 pixels, prepared as MNIST's were.

MNIST's authors scaled each digit into 20×20 pixels, keeping its proportions, and put its centre of mass at the centre
of 28×28, white on black (LeCun, Cortes, Burges, "The MNIST database of handwritten digits").
"""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import BodyMalformed, RequestInvalid, TooLarge
from app.processing.paper import ink_of
from app.types import Array

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "BMP": "image/bmp"}
"""What is read, by Pillow's name of the format."""

MAX_PIXELS = 50_000_000
"""A larger picture is refused by its header, before any memory is taken for it."""

WORKING_SIDE = 128
"""Larger pictures are first scaled down so that their longer side is this; it is enough, and averages noise away."""

INK_LEVEL = 0.25
"""Share of the strongest ink from which a pixel belongs to the digit's bounding box."""

SIDE, BOX = 28, 20


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

    Raises `BodyMalformed` for what is no PNG, JPEG, WebP or BMP, or is cut short, and `TooLarge` above `MAX_PIXELS`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning of large pictures: the limit below is ours
            return _grey(_decoded(data))
    except RequestInvalid:
        raise
    except UnidentifiedImageError:
        raise BodyMalformed("expected a PNG, JPEG, WebP or BMP image; received something else") from None
    except Image.DecompressionBombError:
        raise TooLarge(f"expected an image of at most {MAX_PIXELS:,} pixels; received a far larger one") from None
    except Exception as error:  # noqa: BLE001  # in hostile bytes Pillow's readers stumble over anything
        raise BodyMalformed(f"the image is damaged or cut short: {error}") from None


def to_digit(grey: Array) -> Array:
    """Turn a picture (height, width) of 0 black to 1 white into MNIST's form: (28, 28) float32, ink 1 on 0.

    Raises `InputInvalid` where the picture is blank.
    """
    ink = ink_of(grey)
    rows, columns = (np.flatnonzero((ink > INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return _centred(_into_box(cropped))


def _decoded(data: bytes) -> Image.Image:
    """The picture, upright, scaled down as far as its format can do that while it decodes."""
    image = Image.open(io.BytesIO(data), formats=tuple(MEDIA_TYPES))
    if image.width * image.height > MAX_PIXELS:
        raise TooLarge(
            f"expected an image of at most {MAX_PIXELS:,} pixels; received {image.width}×{image.height}; "
            "scale it down before sending"
        )
    image.draft("L", (WORKING_SIDE, WORKING_SIDE))
    image.load()
    return ImageOps.exif_transpose(image)


def _grey(image: Image.Image) -> Array:
    """Grey levels from 0 to 1, whatever the colour mode, the longer side at most `WORKING_SIDE`."""
    if image.mode.startswith(("I", "F")):
        levels = np.asarray(image, dtype=np.float32)
        top = 65535.0 if levels.max() > 255 else 255.0
        image = Image.fromarray(np.clip(levels / top * 255, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("L")
    if max(image.size) > WORKING_SIDE:
        image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    return np.asarray(image, dtype=np.float32) / 255


def _into_box(ink: Array) -> Array:
    """Scale into 20×20, keeping the proportions; thin strokes, which fade in it, are made as strong as thick ones."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = Image.fromarray(np.ascontiguousarray(ink, dtype=np.float32)).resize(size, Image.Resampling.BICUBIC)
    boxed: Array = np.asarray(scaled, np.float32).clip(0, 1)
    boxed /= boxed.max()
    return boxed


def _centred(ink: Array) -> Array:
    """Put the centre of mass at the centre of 28×28, as far as the digit stays inside."""
    height, width = ink.shape
    mass = float(ink.sum())
    centre = (
        float((ink.sum(axis=1) @ np.arange(height)) / mass),
        float((ink.sum(axis=0) @ np.arange(width)) / mass),
    )
    top, left = (
        min(max(round((SIDE - 1) / 2 - middle), 0), SIDE - extent)
        for middle, extent in zip(centre, (height, width), strict=True)
    )
    digit = np.zeros((SIDE, SIDE), np.float32)
    digit[top : top + height, left : left + width] = ink
    return digit
