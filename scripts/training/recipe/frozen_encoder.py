"""A pretrained sentence encoder as a teacher, which several parts of a recipe may name."""

from pydantic import Field

from scripts.training.recipe.part import PackageName, Part, Positive, Sha256


class FrozenEncoder(Part):
    """The sentence encoder multilingual-e5-small (Wang et al. 2024) and a logistic regression on its vectors.

    It comes from an installed `package`, whose file has the checksum `sha256`, runs on OpenVINO, and reads the last
    `most_tokens` of a text. The regression of `strength` learns from the means over a text's tokens after `layers`.
    """

    package: PackageName
    sha256: Sha256 | None = None
    layers: tuple[Positive, ...] = Field((8, 10, 12), min_length=1)
    most_tokens: int = Field(64, ge=8, le=512)
    strength: float = Field(0.003, gt=0, le=1000)
