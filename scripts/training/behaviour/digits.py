"""What a digit model must get right: the same digit however the picture of it was taken."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageOps

from app.types import Array
from scripts.training.behaviour.check import Case, Check

GROUP = "digits"
CASES = 200
MARGIN = 8

Change = Callable[[Image.Image], Image.Image]


def digit_checks(images: Array) -> list[Check]:
    """Checks over the first 200 of these images (rows, 28, 28) uint8, ink 255 on 0, each sent as a PNG file."""
    pictures = [ImageOps.expand(Image.fromarray(image), MARGIN, 0) for image in images[:CASES]]
    changes: dict[str, Change] = {
        "dark on light": ImageOps.invert,
        "grey ink on grey paper": lambda picture: picture.point(lambda level: 190 - level * 120 // 255),
        "off centre": lambda picture: _moved(picture, 5, -5),
        "turned 8° to the left": lambda picture: picture.rotate(8, Image.Resampling.BICUBIC),
        "turned 8° to the right": lambda picture: picture.rotate(-8, Image.Resampling.BICUBIC),
        "four times as large": lambda picture: picture.resize((176, 176), Image.Resampling.BICUBIC),
        "half as large": lambda picture: picture.resize((22, 22), Image.Resampling.BOX),
        "in colour": lambda picture: ImageOps.colorize(picture, "white", "navy"),
    }
    made = [_check(name, pictures, change, _png) for name, change in changes.items()]
    return [*made, _check("a JPEG of quality 40", pictures, ImageOps.invert, _jpeg)]


def _check(name: str, pictures: list[Image.Image], change: Change, form: Callable[[Image.Image], bytes]) -> Check:
    cases = [Case(_png(picture), form(change(picture))) for picture in pictures]
    return Check(name, "invariance", GROUP, cases)


def _moved(picture: Image.Image, right: int, down: int) -> Image.Image:
    return Image.fromarray(np.roll(np.asarray(picture), (down, right), (0, 1)))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="JPEG", quality=40)
    return file.getvalue()
