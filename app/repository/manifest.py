"""`manifest.json`: what a model folder holds, means and promises, written last so that it vouches for the rest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import from_json

from app.errors import ModelInvalid
from app.types import Signature, TensorSpec

MANIFEST = "manifest.json"
PARTIAL = f".{MANIFEST}.partial"
NAME_PATTERN = r"^[a-z0-9][a-z0-9_.-]{0,63}$"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Probability = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    """A part of the manifest: read strictly, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tensor(_Part):
    """One input or output; `shape` starts with the rows, null being any size."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


class Tensors(_Part):
    """The model's inputs and outputs, in its own order."""

    inputs: tuple[Tensor, ...] = Field(min_length=1)
    outputs: tuple[Tensor, ...] = Field(min_length=1)

    def signature(self) -> Signature:
        """The same as the value that the rest of the code uses."""
        specs = [tuple(TensorSpec(t.name, t.dtype, t.shape) for t in part) for part in (self.inputs, self.outputs)]
        return Signature(*specs)

    @classmethod
    def of(cls, signature: Signature) -> "Tensors":
        """The manifest's form of a signature."""
        parts = [
            tuple(Tensor(name=spec.name, dtype=spec.dtype, shape=spec.shape) for spec in part)
            for part in (signature.inputs, signature.outputs)
        ]
        return cls(inputs=parts[0], outputs=parts[1])


class TextSettings(_Part):
    """How texts become ids: how many tokens are kept, which end of a longer text, and to which lengths short ones grow.

    A text is padded to the shortest of the `buckets` that it fits into, in training as in serving; without buckets, to
    the full length.
    """

    length: int = Field(gt=0, le=4096)
    keep: Literal["head", "tail"] = "tail"
    buckets: tuple[Annotated[int, Field(gt=0)], ...] = ()

    @model_validator(mode="after")
    def _buckets_rise_to_the_length(self) -> "TextSettings":
        if self.buckets and (list(self.buckets) != sorted(set(self.buckets)) or self.buckets[-1] != self.length):
            raise ValueError(
                f"buckets must rise, the last of them being length ({self.length}); received {list(self.buckets)}"
            )
        return self


RuntimeName = Literal["onnx", "openvino", "tensorflow", "tensorflow-xla"]
RUNTIMES: tuple[RuntimeName, ...] = get_args(RuntimeName)


BatchRows = Annotated[int, Field(ge=1, le=65536)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class Plan(_Part):
    """How the model runs best on the machine that measured it; `differing` runtimes gave other answers there."""

    runtime: RuntimeName
    threads: int = Field(1, ge=1, le=256)
    instances: int = Field(1, ge=1, le=64)
    max_batch_rows: BatchRows = 32
    batch_seconds: Mapping[BatchRows, Seconds] = Field(
        default_factory=dict, description="Median seconds of one batch, by its rows"
    )
    differing: tuple[RuntimeName, ...] = Field((), description="Runtimes that must not stand in for this one")


class Manifest(_Part):
    """A model version; see `ARCHITECTURE.md` for the folder's layout."""

    format: Literal[1] = 1
    name: str = Field(pattern=NAME_PATTERN)
    version: int = Field(ge=1)
    task: Literal["sentiment", "topic", "digit", "tensor"]
    signature: Tensors
    labels: tuple[str, ...] = ()
    text: TextSettings | None = None
    neutral_band: tuple[Probability, Probability] | None = None
    statistics: Mapping[str, float] = Field(default_factory=dict, description="Reference figures of the test split")
    plan: Plan | None = Field(None, description="None where nothing was measured, or where it makes no sense")
    plan_fault: str | None = Field(None, exclude=True, description="What makes no sense in the file's plan")
    files: Mapping[str, Sha256] = Field(description="SHA-256 of every other file in the folder, by relative path")


def read_manifest(folder: Path) -> Manifest:
    """Read `folder`'s manifest and check it against the folder's own place.

    Raises `ModelInvalid` where it is missing, is not valid, or belongs to another name or version. A plan that makes no
    sense only costs speed: it is left out, and `plan_fault` names the key.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise ModelInvalid(f"{MANIFEST} is missing: the export did not finish; export again") from None
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        manifest = _read_without_plan(text, error)
    if (manifest.name, str(manifest.version)) != (folder.parent.name, folder.name):
        place = f"{folder.parent.name}/{folder.name}"
        raise ModelInvalid(f"{MANIFEST} is that of {manifest.name}/{manifest.version}; the folder is {place}")
    return manifest


def _read_without_plan(text: bytes, error: ValidationError) -> Manifest:
    """The manifest without its plan, where nothing else is wrong; raises `ModelInvalid`."""
    faults = error.errors(include_url=False, include_input=False)
    first = next((fault for fault in faults if fault["loc"][:1] != ("plan",)), faults[0])
    place = ".".join(str(part) for part in first["loc"])
    if first["loc"][:1] != ("plan",):
        raise ModelInvalid(f"{MANIFEST} is not valid{f' at {place}' if place else ''}: {first['msg']}") from None
    fault = f"{MANIFEST} is not valid at {place}: {first['msg']}"
    return Manifest.model_validate({**from_json(text), "plan": None, "plan_fault": fault})


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its SHA-256; raises `ModelInvalid` naming the first that is missing or differs."""
    for relative, expected in manifest.files.items():
        path = folder / relative
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ModelInvalid(f"{MANIFEST} names {relative}, which lies outside the folder")
        if not path.is_file():
            raise ModelInvalid(f"{relative} is missing; copy the whole folder again")
        if sha256_of(path) != expected:
            raise ModelInvalid(f"{relative} has another SHA-256 than {MANIFEST} says; copy the whole folder again")


def write_manifest(folder: Path, content: Mapping[str, Any]) -> Manifest:
    """Hash every file in `folder` and write its manifest, atomically and last; `content` is all but `files`."""
    ours = (folder / PARTIAL, folder / MANIFEST)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path not in ours)
    files = {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}
    return _replace(folder, Manifest.model_validate({**content, "files": files}))


def write_plan(folder: Path, plan: Plan) -> Manifest:
    """Put another plan into the folder's manifest, atomically; all else in it stays, the files' hashes too.

    Raises `ModelInvalid` where there is no valid manifest.
    """
    return _replace(folder, read_manifest(folder).model_copy(update={"plan": plan, "plan_fault": None}))


def _replace(folder: Path, manifest: Manifest) -> Manifest:
    """Write beside the manifest, then over it, so that a reader finds the old one or the new one."""
    partial = folder / PARTIAL
    partial.write_text(manifest.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)
    return manifest


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
