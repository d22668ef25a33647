"""A scene: ink on a sheet, in some light, through some camera, to the bytes of an image file."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from app.types import Array
from scripts.training.rendered.pen import sized, turned
from scripts.training.rendered.sheets import PLAIN, grain, light, ruled, shadow


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a picture is made by, besides its digit; lengths in pixels, levels from 0 black to 1 white.

    `margin` is the room around the digit as a share of its height, of which `off_centre` (down, across; -1 to 1) says
    how it is shared out. `line_darkness` is the ruling's share of the way from paper to ink. `grain` and `noise` are
    standard deviations, of the paper and of the camera. A `quality` of 0 makes a PNG, any other a JPEG.
    """

    height: int = 80
    turn_degrees: float = 0.0
    margin: float = 0.4
    off_centre: tuple[float, float] = (0.0, 0.0)
    ink: float = 0.1
    paper: float = 1.0
    ruling: str = PLAIN
    line_spacing: float = 0.6
    line_darkness: float = 0.4
    dimming: float = 0.0
    shade: float = 0.0
    grain: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    quality: int = 0


def render(drawing: Array, scene: Scene, random: np.random.Generator) -> bytes:
    """The image file of a drawing (height, width) of ink from 0 to 1 in this scene.

    `line_spacing` is a share of the digit's height, as lines are far apart where the digit is large.
    """
    ink = _placed(sized(turned(drawing, scene.turn_degrees), scene.height), scene)
    lines = ruled(scene.ruling, ink.shape, scene.line_spacing * scene.height, random) * scene.line_darkness
    levels = scene.paper + (scene.ink - scene.paper) * np.maximum(ink, lines)
    if scene.grain:
        levels = levels + scene.grain * grain(ink.shape, random)
    if scene.dimming:
        levels = levels * light(ink.shape, scene.dimming, random)
    if scene.shade:
        levels = levels * shadow(ink.shape, scene.shade, random)
    return _taken(levels, scene, random)


def _placed(ink: Array, scene: Scene) -> Array:
    """The ink with the scene's margin around it."""
    room = 2 * max(1, round(scene.margin * scene.height))
    top, left = (round(room * (1 + share) / 2) for share in scene.off_centre)
    return np.pad(ink, ((top, room - top), (left, room - left)))


def _taken(levels: Array, scene: Scene, random: np.random.Generator) -> bytes:
    """The picture that the scene's camera takes of these levels."""
    image = Image.fromarray((levels.clip(0, 1) * 255).round().astype(np.uint8))
    if scene.blur:
        image = image.filter(ImageFilter.GaussianBlur(scene.blur))
    if scene.noise:
        noisy = np.asarray(image, dtype=np.float32) + 255 * random.normal(0, scene.noise, levels.shape)
        image = Image.fromarray(noisy.clip(0, 255).round().astype(np.uint8))
    file = io.BytesIO()
    if scene.quality:
        image.save(file, "JPEG", quality=scene.quality)
    else:
        image.save(file, "PNG")
    return file.getvalue()
