"""`[vectors]`: what a text model's words mean before it has read a text."""

from pydantic import Field

from scripts.training.recipe.part import PackageName, Part, Sha256


class Vectors(Part):
    """The embedding begins with the word vectors that an installed `package` brings, and learns from there.

    They are centred and scaled to the standard deviation `scale`; where the embedding is narrower than they are, it
    takes their principal components. Words that the package does not know begin at random. `sha256` is that of the
    vectors' file.
    """

    package: PackageName
    sha256: Sha256 | None = None
    scale: float = Field(0.3, gt=0, le=10)
