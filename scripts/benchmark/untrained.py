"""Text models with the shipped sentiment model's tokenizer and labels, but untrained: weights cost no time."""

import multiprocessing
import random
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from app.bench.bodies import JSON
from app.bench.errors import BenchInvalid
from app.bench.limit import measure_row
from app.bench.request import Body
from app.inference.runtimes.onnx import OnnxRuntime
from app.repository.manifest import Tensors, write_manifest
from app.types import Signature, TensorSpec

RECIPE = Path(__file__).parents[2] / "recipes" / "sentiment.toml"
LENGTH = 512
TOKENIZER = "tokenizer.json"
NEEDED = ("tensorflow", "tf2onnx")
EXPORT_SECONDS = 300.0
MOST_BATCH_ROWS = 16
SEED = 20260101
SIGNATURE = Signature(
    (TensorSpec("tokens", "int32", (None, None)),), (TensorSpec("probabilities", "float32", (None, 1)),)
)


@dataclass(frozen=True, slots=True)
class Untrained:
    """A model to make: its name, its LSTM layers' units, and the lengths to which its texts are filled up.

    Without units it has the layers of the sentiment model's recipe.
    """

    name: str
    units: tuple[int, ...] = ()
    buckets: tuple[int, ...] = ()


def missing_packages() -> str:
    """What the models are made with and is not installed; empty where nothing is missing."""
    return ", ".join(name for name in NEEDED if find_spec(name) is None)


def write_untrained(models: Path, tokenizer: Path, wanted: Sequence[Untrained]) -> None:
    """Write version 1 of each model, in a process of its own, so that TensorFlow is gone afterwards.

    Raises `BenchInvalid` where that fails.
    """
    process = multiprocessing.get_context("spawn").Process(target=_write, args=(models, tokenizer, wanted), daemon=True)
    process.start()
    process.join(EXPORT_SECONDS)
    if process.exitcode != 0:
        process.kill()
        process.join()
        raise BenchInvalid(f"the models of {LENGTH} tokens could not be written; exit code {process.exitcode}")


def texts_of_known_words(tokenizer: Path, lengths: Sequence[int]) -> list[Body]:
    """A body for each length: so many words of the tokenizer's vocabulary, each of which is one token."""
    vocabulary = sorted(Tokenizer.from_file(str(tokenizer)).get_vocab())
    words = [word for word in vocabulary if re.fullmatch(r"[a-z]{3,12}", word)]
    numbers = random.Random(SEED)  # noqa: S311  # no secret
    texts = (" ".join(numbers.choices(words, k=length)) for length in lengths)
    return [Body(b'{"text": "%s"}' % text.encode(), JSON) for text in texts]


def mixed_lengths(count: int, shortest: int, longest: int) -> list[int]:
    """So many lengths, each equally likely."""
    numbers = random.Random(SEED)  # noqa: S311  # no secret
    return [numbers.randint(shortest, longest) for _ in range(count)]


def _write(models: Path, tokenizer: Path, wanted: Sequence[Untrained]) -> None:
    """Every model's folder."""
    from app.conversion.graphs import write_onnx, write_saved_model  # noqa: PLC0415  # TensorFlow takes seconds
    from app.conversion.keras_model import NamedModel  # noqa: PLC0415
    from scripts.training.architectures.layers import token_input  # noqa: PLC0415
    from scripts.training.architectures.lstm import build_lstm  # noqa: PLC0415
    from scripts.training.recipe import Lstm, read_recipe  # noqa: PLC0415

    shipped = read_recipe(RECIPE)
    if not isinstance(shipped.architecture, Lstm):
        raise BenchInvalid(f"expected an LSTM in {RECIPE}; received {shipped.architecture.kind}")
    vocabulary_size = Tokenizer.from_file(str(tokenizer)).get_vocab_size()
    for one in wanted:
        folder = models / one.name / "1"
        folder.mkdir(parents=True)
        sizes, ngrams = shipped.architecture, shipped.ngrams
        if one.units:
            sizes, ngrams = Lstm(kind="lstm", embedding=16, units=one.units, dropout=0.0), None
        network: Any = build_lstm(sizes, token_input(None), vocabulary_size, 1, ngrams)
        function = NamedModel.of(network, SIGNATURE).serving_function()
        write_saved_model(function, folder)
        write_onnx(function, folder)
        shutil.copy(tokenizer, folder / TOKENIZER)
        write_manifest(folder, _manifest(one, folder))


def _manifest(one: Untrained, folder: Path) -> dict[str, Any]:
    """All but the files; the plan from the times of full rows on one thread."""
    runtime = OnnxRuntime(threads=1)
    runtime.load(folder)
    cost = measure_row(one.name, runtime, {"tokens": np.ones((1, LENGTH), np.int32)})
    runtime.close()
    seconds = {rows: round(rows * each, 6) for rows, each in cost.seconds_by_batch.items()}
    return {
        "name": one.name,
        "version": 1,
        "task": "sentiment",
        "signature": Tensors.of(SIGNATURE),
        "labels": ("negative", "positive"),
        "text": {"length": LENGTH, "keep": "tail", "buckets": one.buckets},
        "plan": {
            "runtime": "onnx",
            "max_batch_rows": min(cost.best_batch, MOST_BATCH_ROWS),
            "batch_seconds": seconds,
        },
    }
