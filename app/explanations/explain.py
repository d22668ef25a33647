"""The whole path of an explanation: leave parts out, ask the model about all of it as one request, compare."""

from collections.abc import Mapping
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from app.errors import InferenceFailed
from app.explanations import patches, words
from app.explanations.classes import place_of
from app.explanations.occlusion import WHOLE, Occlusion
from app.explanations.patches import PatchOcclusion
from app.explanations.rounding import rounded
from app.explanations.scores import Scores, probabilities_of
from app.explanations.words import WordOcclusion
from app.lifecycle.served_model import ServedModel
from app.service import infer_and_write, prepare
from app.tasks.text import TextTask
from app.types import Array, Inference, Priority


class Wish(NamedTuple):
    """What a caller wants explained: this class instead of the predicted one, in at most so many rows of the model."""

    class_name: str | None = None
    max_rows: int | None = None


class Explained(NamedTuple):
    """An explanation, and the run that it is made from."""

    content: Mapping[str, Any]
    inference: Inference


async def explain(
    model: ServedModel, given: Any, size_bytes: int, timeout_seconds: float, priority: Priority, *, wish: Wish
) -> Explained:
    """Explain the answer to one input of what the model's task takes; `wish` has been checked against the model.

    `size_bytes` is what preparing the input goes through. The rows queue, run and end as those of one request. Raises
    `RequestInvalid` for an input that the task cannot read, `QueueFull`, `NotReady`, `DeadlineExceeded` and
    `InferenceFailed`.
    """
    started = perf_counter()
    occlusion = await prepare(model, partial(occlusion_of, model, given, wish.max_rows), size_bytes, timeout_seconds)
    prepared_seconds = perf_counter() - started
    return await infer_and_write(
        model,
        occlusion.tensors,
        max(timeout_seconds - prepared_seconds, 0.0),
        priority,
        read_seconds=prepared_seconds,
        write=lambda inference: Explained(_content(model, occlusion, inference, wish.class_name), inference),
    )


def occlusion_of(model: ServedModel, given: Any, max_rows: int | None) -> Occlusion:
    """The input with its parts left out; raises `RequestInvalid` where the task cannot read it."""
    if isinstance(model.task, TextTask):
        name = model.signature.inputs[0].name
        return WordOcclusion.of(given, model.task.encoder, name, max_rows or words.DEFAULT_ROWS)
    (pixels,) = model.task.preprocess([given]).groups
    return PatchOcclusion.of(pixels, max_rows or patches.DEFAULT_ROWS)


def _content(model: ServedModel, occlusion: Occlusion, inference: Inference, class_name: str | None) -> dict[str, Any]:
    """The explanation; raises `InferenceFailed` where the model gave NaN for any row."""
    outputs = inference.outputs
    probabilities = probabilities_of(outputs[model.signature.outputs[0].name])
    if not np.isfinite(probabilities).all():
        raise InferenceFailed("the model gave NaN or infinity")
    (prediction,) = model.task.postprocess({name: rows[: WHOLE + 1] for name, rows in outputs.items()})
    place = place_of(model, prediction, int(probabilities[WHOLE].argmax()), class_name)
    scores = Scores(probabilities[:, place])
    log_odds = scores.in_log_odds()
    shares, log_odds_shares = (occlusion.contributions(scale.drops) for scale in (scores, log_odds))
    return {
        "prediction": prediction,
        "explained": place if model.task.label_key == "digit" else model.manifest.labels[place],
        **_added_up(scores, shares),
        "log_odds": _added_up(log_odds, log_odds_shares),
        **occlusion.told(shares, log_odds_shares),
    }


def _added_up(scores: Scores, shares: Array) -> dict[str, float]:
    """The score, that of nothing, and what the contributions sum to beside the difference that they should explain."""
    return {
        "score": rounded(scores.whole),
        "baseline": rounded(scores.baseline),
        "sum": rounded(float(shares.sum())),
        "difference": rounded(scores.whole - scores.baseline),
    }
