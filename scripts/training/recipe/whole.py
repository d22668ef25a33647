"""The whole recipe: every part of the file, and what must hold between them."""

from typing import Literal

from pydantic import Field, model_validator

from app.repository.manifest import NAME_PATTERN, TextSettings
from scripts.training.recipe.architecture import Architecture, Cnn, Encoder, Lstm
from scripts.training.recipe.augmentation import Augmentation, TextAugmentation
from scripts.training.recipe.averaging import Averaging, StochasticAveraging
from scripts.training.recipe.calibration import Calibration
from scripts.training.recipe.card import Card
from scripts.training.recipe.compute import Compute
from scripts.training.recipe.contrast import Contrast
from scripts.training.recipe.distillation import Distillation
from scripts.training.recipe.fit import Fit
from scripts.training.recipe.folds import Folds
from scripts.training.recipe.fragments import Fragments
from scripts.training.recipe.ngrams import Ngrams
from scripts.training.recipe.optimiser import CosineRate, Optimiser
from scripts.training.recipe.part import Part, Probability
from scripts.training.recipe.pruning import Pruning
from scripts.training.recipe.quantisation import Quantisation
from scripts.training.recipe.red_blue import RedBlue
from scripts.training.recipe.report import BEHAVIOUR, Report
from scripts.training.recipe.vectors import Vectors
from scripts.training.recipe.vocabulary import Vocabulary


class Recipe(Part):
    """All that determines a model besides the data themselves and the code."""

    name: str = Field(pattern=NAME_PATTERN)
    task: Literal["sentiment", "topic", "digit"]
    datasets: tuple[str, ...] = Field(min_length=1)
    neutral_band: tuple[Probability, Probability] | None = None
    text: TextSettings | None = None
    vocabulary: Vocabulary | None = None
    vectors: Vectors | None = None
    architecture: Architecture
    ngrams: Ngrams | None = None
    optimiser: Optimiser
    augmentation: Augmentation | None = None
    contrast: Contrast | None = None
    fragments: Fragments | None = None
    fit: Fit
    distillation: Distillation | None = None
    folds: Folds | None = None
    red_blue: RedBlue | None = None
    pruning: Pruning | None = None
    quantisation: Quantisation | None = None
    averaging: Averaging | None = None
    compute: Compute = Compute()
    calibration: Calibration = Calibration()
    report: Report = Report()
    card: Card

    @property
    def buckets(self) -> tuple[int, ...]:
        """The lengths that texts are padded to; none for images."""
        if self.text is None:
            return ()
        return self.text.buckets or (self.text.length,)

    @model_validator(mode="after")
    def _parts_fit_the_task(self) -> "Recipe":
        is_text = self.task != "digit"
        needs_words = is_text and not isinstance(self.architecture, Encoder)
        if is_text != (self.text is not None) or needs_words != (self.vocabulary is not None):
            needs = "needs [text] and [vocabulary]" if is_text else "takes neither [text] nor [vocabulary]"
            but = "; the encoder brings its own vocabulary and takes [text] alone" if is_text != needs_words else ""
            raise ValueError(f"task {self.task!r} {needs}{but}")
        if is_text == isinstance(self.architecture, Cnn):
            raise ValueError(f"architecture {self.architecture.kind!r} does not read the inputs of task {self.task!r}")
        if self.augmentation is not None and is_text != (self.augmentation.kind == "text"):
            raise ValueError(f"augmentation {self.augmentation.kind!r} does not suit task {self.task!r}")
        return self

    @model_validator(mode="after")
    def _vectors_are_an_embeddings(self) -> "Recipe":
        if self.vectors is not None and self.architecture.kind not in {"pooling", "lstm"}:
            raise ValueError(f"[vectors] suits architectures 'pooling' and 'lstm'; received {self.architecture.kind!r}")
        return self

    @model_validator(mode="after")
    def _encoders_words_are_its_own(self) -> "Recipe":
        unknown = self.augmentation.unknown_share if isinstance(self.augmentation, TextAugmentation) else 0
        if isinstance(self.architecture, Encoder) and unknown:
            raise ValueError(f"augmentation.unknown_share must be 0 for architecture 'encoder'; received {unknown}")
        return self

    @model_validator(mode="after")
    def _an_encoder_teaches_texts(self) -> "Recipe":
        if self.distillation is not None and self.distillation.encoder is not None and self.text is None:
            raise ValueError(f"distillation.encoder reads texts; task {self.task!r} has none")
        return self

    @model_validator(mode="after")
    def _ngrams_stand_beside_an_lstm(self) -> "Recipe":
        if self.ngrams is not None and (self.architecture.kind != "lstm" or self.task != "sentiment"):
            raise ValueError("[ngrams] stands beside architecture 'lstm' of task 'sentiment' only")
        return self

    @model_validator(mode="after")
    def _further_rows_are_of_sentiments(self) -> "Recipe":
        further = [name for name in ("contrast", "fragments") if getattr(self, name) is not None]
        if further and self.task != "sentiment":
            raise ValueError(f"[{further[0]}] tells praise from blame: task 'sentiment' only")
        if further and (self.distillation is not None or self.red_blue is not None):
            raise ValueError(f"{further[0]} goes without distillation and red_blue: they know the data sets' rows only")
        if self.fragments is not None and self.fit.balance:
            raise ValueError(
                "fragments goes without fit.balance: a fragment's target is no label that could be counted"
            )
        return self

    @model_validator(mode="after")
    def _only_sentiments_are_neutral(self) -> "Recipe":
        if self.neutral_band is not None and self.task != "sentiment":
            raise ValueError("only task 'sentiment' has a neutral_band")
        if self.calibration.neutral is not None and (self.task != "sentiment" or self.neutral_band is not None):
            raise ValueError("calibration.neutral chooses the band of task 'sentiment' where neutral_band gives none")
        return self

    @model_validator(mode="after")
    def _report_suits_the_task(self) -> "Recipe":
        unfit = sorted(set(self.report.behaviour) - BEHAVIOUR[self.task])
        if unfit:
            raise ValueError(f"report.behaviour: {unfit[0]!r} does not suit task {self.task!r}")
        if self.report.sentences and self.task != "sentiment":
            raise ValueError("only task 'sentiment' has report.sentences")
        if self.report.pictures and self.task != "digit":
            raise ValueError("only task 'digit' has report.pictures")
        if self.report.baseline and self.text is None:
            raise ValueError("report.baseline reads texts; leave it out for images")
        return self

    @model_validator(mode="after")
    def _values_suit_each_other(self) -> "Recipe":
        band, augmentation = self.neutral_band, self.augmentation
        if band is not None and band[0] > band[1]:
            raise ValueError(f"neutral_band must rise; received {list(band)}")
        reach = augmentation.reach if isinstance(augmentation, TextAugmentation) else None
        if reach is not None and self.text is not None and reach < self.text.length:
            raise ValueError(f"augmentation.reach must be at least text.length ({self.text.length}); received {reach}")
        return self

    @model_validator(mode="after")
    def _parts_of_the_training_fit_it(self) -> "Recipe":
        schedule, averaging, epochs = self.optimiser.schedule, self.averaging, self.fit.epochs
        if isinstance(schedule, CosineRate) and schedule.warmup_epochs >= epochs:
            raise ValueError(
                f"optimiser.schedule.warmup_epochs must be less than fit.epochs ({epochs}); "
                f"received {schedule.warmup_epochs}"
            )
        if self.compute.xla and isinstance(self.architecture, Lstm):
            raise ValueError("compute.xla does not go with architecture 'lstm'; leave one of them out")
        if isinstance(averaging, StochasticAveraging) and averaging.epochs > epochs:
            raise ValueError(f"averaging.epochs must be at most fit.epochs ({epochs}); received {averaging.epochs}")
        return self

    @model_validator(mode="after")
    def _methods_go_together(self) -> "Recipe":
        if self.folds is not None and self.distillation is not None:
            raise ValueError("folds and distillation exclude each other: teachers have learnt the rows of the folds")
        if self.pruning is not None and self.averaging is not None:
            raise ValueError("pruning and averaging exclude each other: a mean of weights has few zeros")
        if self.pruning is not None and self.pruning.end >= self.fit.epochs:
            raise ValueError(
                f"pruning.end must be less than fit.epochs ({self.fit.epochs}); received {self.pruning.end}"
            )
        if self.red_blue is not None:
            others = ("folds", "distillation", "averaging", "pruning")
            if clashing := [name for name in others if getattr(self, name) is not None]:
                raise ValueError(f"red_blue goes without {' and '.join(clashing)}")
        return self
