"""The whole path of an occlusion: leave parts out, ask the model about all of it as one request, compare."""

from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from app.errors import InferenceFailed
from app.explanations import patches, words
from app.explanations.classes import place_of
from app.explanations.occlusion import WHOLE, Occlusion
from app.explanations.patches import PatchOcclusion
from app.explanations.scores import probabilities_of, scores_of
from app.explanations.wish import Explained, Wish
from app.explanations.words import WordOcclusion
from app.lifecycle.served_model import ServedModel
from app.service import infer_and_write, prepare
from app.tasks.text import TextTask
from app.types import Inference, Priority


async def explain_by_occlusion(
    model: ServedModel, given: Any, size_bytes: int, timeout_seconds: float, priority: Priority, *, wish: Wish
) -> Explained:
    """As `explain`, on every runtime."""
    started = perf_counter()
    occlusion = await prepare(model, partial(occlusion_of, model, given, wish.bound), size_bytes, timeout_seconds)
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
    scores, log_odds = scores_of(probabilities, place)
    shares, log_odds_shares = (occlusion.contributions(scale.drops) for scale in (scores, log_odds))
    return {
        "prediction": prediction,
        "explained": place if model.task.label_key == "digit" else model.manifest.labels[place],
        **scores.added_up(float(shares.sum())),
        "log_odds": log_odds.added_up(float(log_odds_shares.sum())),
        **occlusion.told(shares, log_odds_shares),
    }
