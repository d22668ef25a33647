"""What the server says of itself: its health, its models and their versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output; `shape` begins with the rows, None is any size, `dtype` is numpy's name or `string`."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version: what it takes and gives, its figures on the test split, and how it runs."""

    version: int
    task: str
    state: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    labels: tuple[str, ...]
    statistics: Mapping[str, float]
    runtime: str


@dataclass(frozen=True, slots=True)
class Model:
    """One model: versions newest first, the one that answers requests that pin none, and names of versions."""

    name: str
    task: str
    versions: tuple[int, ...]
    default: int
    labels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ModelDetail(Model):
    """The same, with its versions in full."""

    details: tuple[ModelVersion, ...]


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A model version that answers now."""

    model: str
    version: int
    runtime: str
    queued_rows: int


@dataclass(frozen=True, slots=True)
class FailedFolder:
    """A model folder that cannot be served, and why."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """`status` is ready, degraded (ready, but a folder failed), loading, draining or not_ready."""

    status: str
    models: tuple[ServedVersion, ...]
    failures: tuple[FailedFolder, ...]


def health_in(value: Any) -> Health:
    """The answer of `/health`; raises `KeyError` and the like for another."""
    models = tuple(ServedVersion(*(item[name] for name in ServedVersion.__slots__)) for item in value["models"])
    failures = tuple(FailedFolder(item["folder"], item["reason"]) for item in value["failures"])
    return Health(value["status"], models, failures)


def models_in(value: Any) -> list[Model]:
    """The answer of `/models`."""
    return [Model(*_summary(item)) for item in value["models"]]


def model_in(value: Any) -> ModelDetail:
    """The answer of `/models/{name}`."""
    return ModelDetail(*_summary(value), details=tuple(_version(item) for item in value["details"]))


def _summary(item: Any) -> tuple[str, str, tuple[int, ...], int, Mapping[str, int]]:
    """The fields of a `Model`."""
    return item["name"], item["task"], tuple(item["versions"]), item["default"], item["labels"]


def _version(item: Any) -> ModelVersion:
    """One version of an answer."""
    return ModelVersion(
        version=item["version"],
        task=item["task"],
        state=item["state"],
        inputs=_specs(item["signature"]["inputs"]),
        outputs=_specs(item["signature"]["outputs"]),
        labels=tuple(item["labels"]),
        statistics=item["statistics"],
        runtime=item["running"]["runtime"],
    )


def _specs(items: Any) -> tuple[TensorSpec, ...]:
    """One side of a signature."""
    return tuple(TensorSpec(item["name"], item["dtype"], tuple(item["shape"])) for item in items)
