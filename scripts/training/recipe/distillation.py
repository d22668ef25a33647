"""`[distillation]`: whose answers the model learns from besides the labels."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scripts.training.recipe.frozen_encoder import FrozenEncoder
from scripts.training.recipe.part import Part

TeacherName = Annotated[str, Field(min_length=1)]


class Distillation(Part):
    """Learn `weight` of the loss from the averaged probabilities of the `teachers`, the rest from the labels.

    A teacher is another recipe of the same folder (`topic_teacher`), or a finished version (`models/topic/1`). In place
    of teachers there may be a frozen `encoder`, whose regression learns the rows themselves, each row's opinion being
    that of one which has not learnt it.
    `temperature` softens both sides' probabilities (Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural
    Network, 2015). With view `whole` a teacher reads each training row once, as it is; with `same` it reads, epoch
    after epoch, the very part of the text or changed picture that the model sees (Beyer et al.: Knowledge distillation:
    A good teacher is patient and consistent, 2022).
    """

    teachers: tuple[TeacherName, ...] = ()
    encoder: FrozenEncoder | None = None
    weight: float = Field(0.5, gt=0, le=1)
    temperature: float = Field(1.0, ge=0.1, le=20)
    view: Literal["whole", "same"] = "whole"

    @model_validator(mode="after")
    def _somebody_teaches(self) -> "Distillation":
        if bool(self.teachers) == (self.encoder is not None):
            raise ValueError("expected teachers or an encoder, and not both")
        if self.encoder is not None and self.view != "whole":
            raise ValueError('an encoder has one opinion of each row: view "whole" only')
        return self
