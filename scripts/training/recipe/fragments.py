"""`[fragments]`: further training rows that a teacher labels, as the label of a whole text is wrong for many a part."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Fragments(Part):
    """Of `count` training texts a few clauses each, with the probability that a teacher gives them as their target.

    The teacher is the sentence encoder multilingual-e5-small (Wang et al. 2024) from an installed `package`, whose file
    has the checksum `sha256`, and a logistic regression of `strength` on the vectors after its `layers`, which learns
    from at most `taught_by` training texts of few words. It reads the last `most_tokens` of a text, on OpenVINO.
    """

    package: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    layers: tuple[Positive, ...] = Field((8, 10, 12), min_length=1)
    count: Positive
    taught_by: Positive
    most_tokens: int = Field(64, ge=8, le=512)
    strength: float = Field(0.003, gt=0, le=1000)
