"""The conditions that the rendered suite tests, each a way to draw a scene and a pen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from scripts.training.rendered.scenes import Scene
from scripts.training.rendered.sheets import LINED, SQUARED

Random = np.random.Generator
Draw = Callable[[Scene, Random], Scene]


@dataclass(frozen=True, slots=True)
class Condition:
    """What is special about a picture: `scene` changes an ordinary one, `boldness` is the pen's range, -1 to 1.

    `canvas` has our own strokes drawn instead of a digit of MNIST.
    """

    scene: Draw
    boldness: tuple[float, float] = (-0.3, 0.3)
    canvas: bool = False


def ordinary(random: Random) -> Scene:
    """A digit written darkly on white, of middling size, somewhere near the middle, as good as upright."""
    return Scene(
        height=int(random.integers(30, 130)),
        turn_degrees=random.uniform(-6, 6),
        margin=random.uniform(0.15, 0.7),
        off_centre=_around(random, 0.3),
        ink=random.uniform(0.0, 0.3),
        paper=random.uniform(0.92, 1.0),
    )


def _around(random: Random, most: float) -> tuple[float, float]:
    down, across = random.uniform(-most, most, 2)
    return float(down), float(across)


def _as_it_is(scene: Scene, _: Random) -> Scene:
    return scene


def _rotated(scene: Scene, random: Random) -> Scene:
    return replace(scene, turn_degrees=random.uniform(10, 20) * random.choice((-1, 1)))


def _off_centre(scene: Scene, random: Random) -> Scene:
    down, across = random.uniform(0.75, 1, 2) * random.choice((-1, 1), 2)
    return replace(scene, margin=random.uniform(0.5, 1.2), off_centre=(float(down), float(across)))


def _tiny(scene: Scene, random: Random) -> Scene:
    return replace(scene, height=int(random.integers(12, 20)), ink=random.uniform(0, 0.15))


def _huge(scene: Scene, random: Random) -> Scene:
    return replace(scene, height=int(random.integers(200, 401)))


def _light_on_dark(scene: Scene, random: Random) -> Scene:
    return replace(scene, ink=random.uniform(0.75, 1), paper=random.uniform(0, 0.3))


def _grey(scene: Scene, random: Random) -> Scene:
    paper = random.uniform(0.4, 0.75)
    return replace(scene, paper=paper, ink=paper - random.uniform(0.25, 0.4), grain=random.uniform(0, 0.02))


def _lined(scene: Scene, random: Random) -> Scene:
    return replace(_on_ruled_paper(scene, random), ruling=LINED, line_spacing=random.uniform(0.35, 1.2))


def _squared(scene: Scene, random: Random) -> Scene:
    return replace(_on_ruled_paper(scene, random), ruling=SQUARED, line_spacing=random.uniform(0.25, 0.8))


def _on_ruled_paper(scene: Scene, random: Random) -> Scene:
    """Lines lighter than the ink, as those of writing paper are, under a camera's slight blur."""
    return replace(
        scene,
        height=int(random.integers(50, 160)),
        paper=random.uniform(0.8, 1),
        ink=random.uniform(0, 0.25),
        line_darkness=random.uniform(0.15, 0.55),
        grain=random.uniform(0, 0.015),
        blur=random.uniform(0, 0.8),
    )


def _in_bad_light(scene: Scene, random: Random) -> Scene:
    return replace(
        scene, paper=0.9, ink=random.uniform(0, 0.2), dimming=random.uniform(0.2, 0.6), grain=random.uniform(0, 0.01)
    )


def _in_a_shadow(scene: Scene, random: Random) -> Scene:
    return replace(scene, paper=0.92, ink=random.uniform(0, 0.2), shade=random.uniform(0.15, 0.4))


def _as_jpeg(scene: Scene, random: Random) -> Scene:
    return replace(scene, quality=int(random.integers(10, 40)))


def _blurred(scene: Scene, random: Random) -> Scene:
    height = int(random.integers(30, 130))
    return replace(scene, height=height, blur=height * random.uniform(0.02, 0.05))


def _noisy(scene: Scene, random: Random) -> Scene:
    return replace(scene, paper=0.8, ink=random.uniform(0.05, 0.25), noise=random.uniform(0.03, 0.08))


def _photographed(scene: Scene, random: Random) -> Scene:
    """Much at once, as when a page is photographed by hand."""
    rulings = ("plain", LINED, SQUARED)
    return replace(
        _on_ruled_paper(scene, random),
        height=int(random.integers(60, 220)),
        turn_degrees=random.uniform(-15, 15),
        ruling=str(random.choice(rulings)),
        line_darkness=random.uniform(0.15, 0.4),
        paper=random.uniform(0.7, 0.9),
        dimming=random.uniform(0, 0.35),
        noise=random.uniform(0, 0.02),
        quality=int(random.integers(50, 90)),
    )


CONDITIONS: Mapping[str, Condition] = {
    "plain": Condition(_as_it_is),
    "rotated by 10 to 20 degrees": Condition(_rotated),
    "thin strokes": Condition(_as_it_is, (-1.0, -0.6)),
    "thick strokes": Condition(_as_it_is, (0.5, 1.0)),
    "off-centre": Condition(_off_centre),
    "12 to 19 pixels high": Condition(_tiny),
    "200 to 400 pixels high": Condition(_huge),
    "light on dark": Condition(_light_on_dark),
    "grey paper": Condition(_grey),
    "lined paper": Condition(_lined),
    "squared paper": Condition(_squared),
    "light from one side": Condition(_in_bad_light),
    "a shadow": Condition(_in_a_shadow),
    "JPEG of low quality": Condition(_as_jpeg),
    "blurred": Condition(_blurred),
    "camera noise": Condition(_noisy),
    "photograph": Condition(_photographed, (-0.5, 0.5)),
    "canvas drawing": Condition(_as_it_is, canvas=True),
    "canvas drawing, light on dark": Condition(_light_on_dark, canvas=True),
}
"""By name, in the order in which they are reported."""
