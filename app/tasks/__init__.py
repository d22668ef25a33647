"""What a model's tensors mean, one module per task; shared by training and serving."""

from pathlib import Path

from app.errors import ModelInvalid
from app.processing.text import TextEncoder
from app.repository.manifest import Manifest
from app.tasks.digit import DigitTask
from app.tasks.sentiment import SentimentTask
from app.tasks.tensor import TensorTask
from app.tasks.topic import TopicTask
from app.types import Task

TOKENIZER = "tokenizer.json"


def open_task(manifest: Manifest, folder: Path) -> Task:
    """The task that the manifest names, with what it needs from the folder; raises `ModelInvalid`."""
    signature = manifest.signature.signature()
    match manifest.task:
        case "sentiment":
            _expect_labels(manifest, 2)
            return SentimentTask(_encoder(manifest, folder), signature, manifest.labels, manifest.neutral_band)
        case "topic":
            _expect_labels(manifest, signature.outputs[0].shape[-1])
            return TopicTask(_encoder(manifest, folder), signature, manifest.labels)
        case "digit":
            return DigitTask(signature)
        case "tensor":  # pragma: no branch  # the manifest knows no other
            return TensorTask(signature, manifest.labels)


def _encoder(manifest: Manifest, folder: Path) -> TextEncoder:
    """The text encoder that the model was trained with."""
    if manifest.text is None:
        raise ModelInvalid(f"a {manifest.task} model needs `text` in its manifest (length, keep)")
    if not (folder / TOKENIZER).is_file():
        raise ModelInvalid(f"{TOKENIZER} is missing; copy the whole folder again")
    text = manifest.text
    return TextEncoder.from_file(folder / TOKENIZER, text.length, text.keep, text.buckets)


def _expect_labels(manifest: Manifest, expected: int | None) -> None:
    """Refuse a manifest whose labels do not fit the model's output."""
    if len(manifest.labels) != expected:
        raise ModelInvalid(f"expected {expected} labels in the manifest; received {len(manifest.labels)}")
