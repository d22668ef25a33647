"""What explanations give: frozen values, the prediction and what each part of its input contributed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from app.client.exchange import Reply
from app.client.replies import origin_in, prediction_in, read
from app.client.results import Answered, Classification, DigitReading, Origin, TensorRow

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
class _Explanation(Scores, Answered):
    """What every kind has: its own scores, which are probabilities where there are classes.

    `method` says how the contributions were found, from which source, and what they cannot say.
    """

    origin: Origin
    method: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextExplanation(_Explanation):
    """Why a text has its class; the model reads the text from `seen[0]` to `seen[1]`.

    `log_odds` are the scores as the logarithms of their odds, in which independent pieces of evidence add up.
    """

    log_odds: Scores
    prediction: Classification
    explained: str
    tokens: tuple[Contribution, ...]
    seen: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class DigitExplanation(_Explanation):
    """Why a picture is read as its digit: 28×28 each, what the model saw, and each pixel's share on either scale.

    Arrays where numpy is installed, else nested lists.
    """

    log_odds: Scores
    prediction: DigitReading
    explained: int
    picture: Grid
    contributions: Grid
    log_odds_contributions: Grid


@dataclass(frozen=True, slots=True, eq=False)
class TensorExplanation(_Explanation):
    """Why a model's `output` has a number: what each number of its inputs contributes, shaped as a row of each.

    `explained` is the class, or the number's place in the flattened output; only classes have `log_odds`. Arrays where
    numpy is installed, else nested lists.
    """

    prediction: TensorRow
    explained: str | int
    output: str
    contributions: Mapping[str, Grid]
    log_odds: Scores | None
    log_odds_contributions: Mapping[str, Grid] | None


Explanation: TypeAlias = TextExplanation | DigitExplanation
"""Of the models that every method explains."""


def explanation_in(reply: Reply) -> Explanation | TensorExplanation:
    """The explanation of an answer; raises as `read` does."""

    def parse(value: Any) -> Explanation | TensorExplanation:
        origin = origin_in(reply, value)
        log_odds = value.get("log_odds")
        shared = {
            **_scores(value),
            "origin": origin,
            "log_odds": log_odds and Scores(**_scores(log_odds)),
            "method": value["method"],
            "prediction": prediction_in(origin, value["prediction"]),
            "explained": value["explained"],
        }
        if "tokens" in value:
            tokens = tuple(Contribution(**token) for token in value["tokens"])
            return TextExplanation(**shared, tokens=tokens, seen=(value["seen"]["start"], value["seen"]["end"]))
        if "output" in value:
            grids = {name: _grids(value.get(name)) for name in ("contributions", "log_odds_contributions")}
            return TensorExplanation(**shared, output=value["output"], **grids)
        names = ("picture", "contributions", "log_odds_contributions")
        return DigitExplanation(**shared, **{name: _grid(value[name]) for name in names})

    return read(reply, parse)


def _scores(value: Any) -> dict[str, float]:
    """The four figures of one scale."""
    return {name: value[name] for name in Scores.__slots__}


def _grids(inputs: Any) -> Any:
    """Each input's numbers by its name; None where there are none."""
    return inputs and {name: _grid(numbers) for name, numbers in inputs.items()}


def _grid(rows: Any) -> Any:
    """Numbers as an array where numpy is installed: who only asks for words shall not wait for it."""
    try:
        numpy = import_module("numpy")
    except ImportError:
        return rows
    return numpy.array(rows, "float64")
