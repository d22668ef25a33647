"""`[ngrams]`: words and runs of words, each with a weight of its own, beside the network."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Ngrams(Part):
    """A logistic regression over words and runs of two and three of them, scaled as in NB-SVM.

    Each of the `slots` of its table belongs to the run that tells the labels apart best of all that hash there and
    stand in at least `min_rows` training rows. A larger `strength` lets the weights fit the training rows more closely.
    They are fitted to the training texts as they were read, and to the rows of [contrast], each of which counts so many
    times as much as a text: more of it turns words over, and suits whole texts the less.
    Wang and Manning, "Baselines and Bigrams" (2012); beside a network: Cheng et al., "Wide & Deep Learning" (2016).
    """

    slots: int = Field(ge=16, le=4_000_000)
    min_rows: Positive = 3
    strength: float = Field(gt=0, le=1000)
    contrast_weight: float = Field(0.3, ge=0, le=1)
