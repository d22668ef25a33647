"""`[augmentation]`: random changes to what a model is trained on, never to what it is measured on."""

from typing import Annotated, Literal

from pydantic import Field

from scripts.training.recipe.part import Part, Positive, Probability, Share


class ImageAugmentation(Part):
    """Random changes to each training image: shift in pixels, rotation in degrees, scale and shear as shares of 1."""

    kind: Literal["image"]
    shift: float = Field(ge=0, le=14)
    rotation: float = Field(ge=0, le=45)
    scale: float = Field(ge=0, lt=1)
    shear: float = Field(0.0, ge=0, lt=1)


class TextAugmentation(Part):
    """Each training text is, with probability `crop_share`, replaced by a run of at least `crop_min_tokens` of it.

    The run may come from the first or last `reach` tokens, also where the model itself reads fewer. `unknown_share` of
    all tokens is replaced by the unknown one.
    """

    kind: Literal["text"]
    reach: int = Field(gt=0, le=4096)
    crop_share: Probability
    crop_min_tokens: Positive
    unknown_share: Share = 0.0


Augmentation = Annotated[ImageAugmentation | TextAugmentation, Field(discriminator="kind")]
