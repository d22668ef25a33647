"""`[augmentation]`: random changes to what a model is trained on, never to what it is measured on."""

from typing import Annotated, Literal

from pydantic import Field

from scripts.training.recipe.part import Part, Positive, Probability, Share


class ImageAugmentation(Part):
    """Random changes to each training digit, which is then brought back into MNIST's form, as in serving.

    `rotation` in degrees; `shear` and `stretch` (of one side against the other) as shares of 1; `elastic` bends by so
    many pixels. `scale` and `shift` are how far the form may be missed, as a share and in pixels. `thickness` widens
    or narrows the strokes by so many pixels, `blur` mixes in a share of the neighbouring pixels, `fading` raises the
    levels to a power of up to 1 + `fading` or its inverse, `noise` is the greatest standard deviation of what is added.
    Only the `share` of all digits is changed, others every epoch; the rest stay as MNIST has them.
    """

    kind: Literal["image"]
    share: Probability = 1.0
    rotation: float = Field(0.0, ge=0, le=45)
    shear: float = Field(0.0, ge=0, lt=1)
    stretch: float = Field(0.0, ge=0, lt=1)
    elastic: float = Field(0.0, ge=0, le=4)
    scale: float = Field(0.0, ge=0, lt=1)
    shift: float = Field(0.0, ge=0, le=14)
    thickness: Probability = 0.0
    blur: Probability = 0.0
    fading: float = Field(0.0, ge=0, le=4)
    noise: float = Field(0.0, ge=0, le=0.5)


class TextAugmentation(Part):
    """Each training text is, with probability `crop_share`, replaced by a run of at least `crop_min_tokens` of it.

    The run may come from the first or last `reach` tokens, also where the model itself reads fewer. Its size is drawn
    evenly, or so that short runs are as likely as long ones (`log_uniform`). Of a text of more than `most_tokens`,
    where that is given, every epoch reads another run of so many, save for the `whole_share` of them, which it reads as
    serving does. Texts of at most `uncropped_tokens` are always read whole: what a few words say as a whole, a part of
    them need not. `unknown_share` of all tokens is replaced by the unknown one.
    """

    kind: Literal["text"]
    reach: int = Field(gt=0, le=4096)
    crop_share: Probability
    crop_min_tokens: Positive
    crop_sizes: Literal["uniform", "log_uniform"] = "uniform"
    most_tokens: Positive | None = None
    uncropped_tokens: int = Field(0, ge=0)
    whole_share: Share = 0.0
    unknown_share: Share = 0.0


Augmentation = Annotated[ImageAugmentation | TextAugmentation, Field(discriminator="kind")]
