"""What is written on, and the light on it: grey levels (height, width) float32 of 0 black to 1 white."""

import numpy as np
from PIL import Image, ImageFilter

from app.types import Array

PLAIN, LINED, SQUARED = "plain", "lined", "squared"
"""The rulings of paper."""


def ruled(kind: str, shape: tuple[int, int], spacing: float, random: np.random.Generator) -> Array:
    """How much of each pixel (height, width) a ruling covers, 0 to 1: lines so many pixels apart, hardly tilted."""
    covered = np.zeros(shape, np.float32)
    if kind == PLAIN:
        return covered
    row, column = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    tilt = random.uniform(-0.04, 0.04)
    width = max(1.0, spacing * random.uniform(0.03, 0.07))
    courses = [row + tilt * column] if kind == LINED else [row + tilt * column, column - tilt * row]
    for course in courses:
        away = np.abs((course + random.uniform(0, spacing)) % spacing - spacing / 2)
        covered = np.maximum(covered, (width / 2 + 0.5 - away).clip(0, 1))
    return covered


def grain(shape: tuple[int, int], random: np.random.Generator) -> Array:
    """The unevenness of paper, (height, width) around 0 with a standard deviation of 1: soft spots and fine fibres."""
    fine = random.normal(0, 1, shape)
    spots = random.normal(0, 1, (shape[0] // 8 + 2, shape[1] // 8 + 2)).astype(np.float32)
    soft = np.asarray(Image.fromarray(spots).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))
    uneven: Array = (0.6 * fine + 0.8 * soft).astype(np.float32)
    return uneven


def light(shape: tuple[int, int], strength: float, random: np.random.Generator) -> Array:
    """Light that falls from one side and fades towards the corners: from 1, the brightest, to 1 - `strength`."""
    row, column = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    row, column = row / shape[0] - 0.5, column / shape[1] - 0.5
    angle = random.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * row + np.sin(angle) * column
    away = (row - random.uniform(-0.3, 0.3)) ** 2 + (column - random.uniform(-0.3, 0.3)) ** 2
    dim = slope + random.uniform(0, 0.8) * away
    dim -= dim.min()
    share: Array = (1 - strength * dim / dim.max()).astype(np.float32)
    return share


def shadow(shape: tuple[int, int], strength: float, random: np.random.Generator) -> Array:
    """The soft-edged shadow of a hand over part of the sheet: 1 in the light, 1 - `strength` in the shade."""
    row, column = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    across = np.cos(angle) * (row / shape[0] - 0.5) + np.sin(angle) * (column / shape[1] - 0.5)
    softness = random.uniform(0.08, 0.3)
    shade = ((across - random.uniform(-0.3, 0.3)) / softness + 0.5).clip(0, 1)
    edge = Image.fromarray((shade * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(max(shape) * softness / 4))
    share: Array = 1 - strength * np.asarray(edge, dtype=np.float32) / 255
    return share
