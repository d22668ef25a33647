"""What explanations give: frozen values, the prediction and what each part of its input contributed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from app.client.exchange import Reply
from app.client.replies import origin_in, prediction_in, read
from app.client.results import Classification, DigitReading, Origin

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grid: TypeAlias = npt.NDArray[np.float64]
else:
    Grid = Any


@dataclass(frozen=True, slots=True)
class Scores:
    """The explained class's `score`, and its `baseline`, the score where everything is left out.

    The contributions add up to `sum`, and would to `difference`, that of score and baseline, if they were additive.
    """

    score: float
    baseline: float
    sum: float
    difference: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """A word or several: what the score and its log-odds lose without them; `start` and `end` index the text."""

    token: str
    start: int
    end: int
    contribution: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class _Explanation(Scores):
    """What both kinds have: its own scores are probabilities, those in `log_odds` the logarithms of their odds.

    `method` says how the contributions were found, from which source, and what they cannot say.
    """

    origin: Origin
    log_odds: Scores
    method: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model that answered."""
        return self.origin.model

    @property
    def version(self) -> int:
        """Its version."""
        return self.origin.version


@dataclass(frozen=True, slots=True)
class TextExplanation(_Explanation):
    """Why a text has its class; the model reads the text from `seen[0]` to `seen[1]`."""

    prediction: Classification
    explained: str
    tokens: tuple[Contribution, ...]
    seen: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class DigitExplanation(_Explanation):
    """Why a picture is read as its digit: 28×28 each, what the model saw, and each pixel's share on either scale.

    Arrays where numpy is installed, else nested lists.
    """

    prediction: DigitReading
    explained: int
    picture: Grid
    contributions: Grid
    log_odds_contributions: Grid


Explanation: TypeAlias = TextExplanation | DigitExplanation


def explanation_in(reply: Reply) -> Explanation:
    """The explanation of an answer; raises as `read` does."""

    def parse(value: Any) -> Explanation:
        origin = origin_in(reply, value)
        shared = {
            **_scores(value),
            "origin": origin,
            "log_odds": Scores(**_scores(value["log_odds"])),
            "method": value["method"],
            "prediction": prediction_in(origin, value["prediction"]),
            "explained": value["explained"],
        }
        if "tokens" in value:
            tokens = tuple(Contribution(**token) for token in value["tokens"])
            return TextExplanation(**shared, tokens=tokens, seen=(value["seen"]["start"], value["seen"]["end"]))
        names = ("picture", "contributions", "log_odds_contributions")
        return DigitExplanation(**shared, **{name: _grid(value[name]) for name in names})

    return read(reply, parse)


def _scores(value: Any) -> dict[str, float]:
    """The four figures of one scale."""
    return {name: value[name] for name in Scores.__slots__}


def _grid(rows: Any) -> Any:
    """Numbers as an array where numpy is installed: who only asks for words shall not wait for it."""
    try:
        numpy = import_module("numpy")
    except ImportError:
        return rows
    return numpy.array(rows, "float64")
