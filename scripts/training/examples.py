"""From labelled data sets to arrays that a model learns from: split, without leaks, encoded as in serving."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from app.errors import HorngateError
from app.processing.mnist import DIGITS
from app.processing.text import TextEncoder
from app.repository.manifest import TextSettings
from app.tasks.digit import DigitTask
from app.tasks.sentiment import SentimentTask
from app.tasks.topic import TopicTask
from app.types import Array, Signature, Task, TensorSpec
from scripts.training.architectures.layers import PIXELS, PROBABILITIES, TOKENS, input_length
from scripts.training.architectures.pretrained import encoder_folder, read_tokenizer
from scripts.training.data.split import carve_validation, concatenate
from scripts.training.data.types import Dataset, Split
from scripts.training.further_rows import with_further_rows
from scripts.training.recipe import Encoder, Recipe, TextAugmentation
from scripts.training.vocabulary import train_vocabulary


class DataUnfit(HorngateError):
    """The data sets do not suit the recipe; the message says which and why."""

    code = "data_unfit"
    title = "The data do not suit the recipe"


@dataclass(frozen=True, slots=True)
class Examples:
    """What the model learns from: `inputs` (rows, …) and `targets`, (rows, 1) float32 or (rows,) int64.

    Texts are padded to one length, as long as any of them may be needed; see `buckets` for what the model sees of them.
    """

    inputs: Array
    targets: Array

    def at(self, rows: Array | slice) -> "Examples":
        """Those rows of them: a range, numbers, or what is true where a row is wanted."""
        return Examples(self.inputs[rows], self.targets[rows])


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows as they were read: those to learn from, and those held out to choose by."""

    labels: tuple[str, ...]
    training: Split
    validation: Split


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a training needs: `parts` as they were read, and the same rows in the same order as arrays.

    A recipe with `[contrast]` or `[fragments]` has further rows behind those of `training`: first so many `contrasts`,
    then fragments, whose targets are probabilities.
    """

    parts: Parts
    training: Examples
    validation: Examples
    task: Task
    signature: Signature
    tokenizer: Tokenizer | None
    contrasts: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """What the targets count."""
        return self.parts.labels


def prepare(recipe: Recipe, datasets: Sequence[Dataset]) -> Material:
    """Carve a validation part from the training splits, learn the vocabulary from the rest, encode both.

    The test splits are not looked at. Raises `DataUnfit` where the data sets' labels differ or do not suit the task.
    """
    return encode_parts(recipe, divide(recipe, datasets))


def divide(recipe: Recipe, datasets: Sequence[Dataset]) -> Parts:
    """The training rows in two parts; which row falls into which, the recipe's share and split seed alone decide."""
    labels = _common_labels(recipe, datasets)
    share, seed = recipe.fit.validation_share, recipe.fit.splits_by
    carved = [carve_validation(dataset.train, share, seed) for dataset in datasets]
    training, validation = (concatenate([pair[side] for pair in carved]) for side in (0, 1))
    return Parts(labels, training, validation)


def encode_parts(recipe: Recipe, parts: Parts) -> Material:
    """Learn the vocabulary from the training part, or take the encoder's, and encode both as the recipe's task does."""
    tokenizer = _tokenizer_of(recipe, parts.training)
    signature = signature_of(recipe, len(parts.labels))
    reach = recipe.augmentation.reach if isinstance(recipe.augmentation, TextAugmentation) else None
    rows, contrasts = with_further_rows(recipe, parts.training)
    learnt, held_out = (
        encode(_wide_task(recipe, signature, parts.labels, tokenizer, length), signature, split)
        for split, length in ((rows, reach), (parts.validation, None))
    )
    task = open_recipe_task(recipe, signature, parts.labels, tokenizer)
    return Material(parts, learnt, held_out, task, signature, tokenizer, contrasts)


def _tokenizer_of(recipe: Recipe, training: Split) -> Tokenizer | None:
    """The pretrained encoder's own tokenizer, one learnt from the training texts, or none for images."""
    if isinstance(recipe.architecture, Encoder):
        return read_tokenizer(encoder_folder(recipe.architecture.package))
    if recipe.vocabulary is None:
        return None
    return train_vocabulary((str(text) for text in training.inputs), recipe.vocabulary)


def signature_of(recipe: Recipe, labels: int) -> Signature:
    """What the recipe's model takes and gives."""
    if recipe.text is None:
        given = TensorSpec(PIXELS, "float32", (None, 28, 28, 1))
    else:
        given = TensorSpec(TOKENS, "int32", (None, input_length(recipe)))
    outputs = 1 if recipe.task == "sentiment" else labels
    return Signature((given,), (TensorSpec(PROBABILITIES, "float32", (None, outputs)),))


def open_recipe_task(recipe: Recipe, signature: Signature, labels: Sequence[str], tokenizer: Tokenizer | None) -> Task:
    """The task that will serve the model, before there is a manifest to open it from."""
    if recipe.text is None or tokenizer is None:
        return DigitTask(signature)
    encoder = TextEncoder(tokenizer, recipe.text.length, recipe.text.keep, recipe.text.buckets)
    if recipe.task == "sentiment":
        return SentimentTask(encoder, signature, labels, recipe.neutral_band)
    return TopicTask(encoder, signature, labels)


def _wide_task(
    recipe: Recipe, signature: Signature, labels: Sequence[str], tokenizer: Tokenizer | None, length: int | None
) -> Task:
    """The same task, but every text padded to `length`, by default to the longest that the model reads."""
    if tokenizer is None or recipe.text is None:
        return open_recipe_task(recipe, signature, labels, tokenizer)
    wide = TextSettings(length=length or recipe.text.length, keep=recipe.text.keep)
    # An encoder sets its tokenizer's truncation, so that two cannot share one.
    own = Tokenizer.from_str(tokenizer.to_str())
    return open_recipe_task(recipe.model_copy(update={"text": wide}), signature, labels, own)


def task_inputs(inputs: Sequence[str] | Array) -> Sequence[Any]:
    """A split's inputs in the form that a task takes: texts as they are, images from 0 to 1."""
    return list(inputs.astype(np.float32) / 255) if isinstance(inputs, np.ndarray) else inputs


def encode(task: Task, signature: Signature, split: Split) -> Examples:
    """A split as the model's arrays, by the preprocessing of a task that makes all rows alike."""
    (tensors,) = task.preprocess(task_inputs(split.inputs)).groups
    inputs = tensors[signature.inputs[0].name]
    is_binary = signature.outputs[0].shape[-1] == 1
    targets = split.targets.astype(np.float32)[:, np.newaxis] if is_binary else split.targets.astype(np.int64)
    return Examples(inputs, targets)


def _common_labels(recipe: Recipe, datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """The labels that all data sets share; raises `DataUnfit` where they do not fit each other or the task."""
    first = datasets[0]
    for number, dataset in enumerate(datasets):
        if any(dataset.name == earlier.name for earlier in datasets[:number]):
            raise DataUnfit(f"two data sets are called {dataset.name}; name each once, or rename a folder")
        if dataset.labels != first.labels:
            raise DataUnfit(
                f"expected the same labels in every data set; received {list(first.labels)} in {first.name} and "
                f"{list(dataset.labels)} in {dataset.name}; train them apart"
            )
        if isinstance(dataset.train.inputs, np.ndarray) != (recipe.task == "digit"):
            raise DataUnfit(
                f"task {recipe.task!r} cannot learn from {dataset.name}: it reads the other of text and images"
            )
    if recipe.task == "sentiment" and len(first.labels) != 2:
        raise DataUnfit(f"task 'sentiment' needs 2 labels; {first.name} has {list(first.labels)}")
    if recipe.task == "digit" and first.labels != DIGITS:
        raise DataUnfit(f"task 'digit' needs the labels 0 to 9; {first.name} has {list(first.labels)}")
    return first.labels
