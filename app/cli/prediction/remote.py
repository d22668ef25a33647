"""A model asked over HTTP, by the client: retries and batches are its."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app import client
from app.cli.prediction.model import Failed, Model, Told
from app.cli.versions import split_version
from app.client import Horngate
from app.errors import HorngateError
from app.processing.mnist import DIGITS
from app.types import Prediction, TensorSpec

TIMEOUT_SECONDS = 120.0
RETRIES = 10


class ServerRefused(HorngateError):
    """A server did not answer, or said no to more than one input."""

    code = "server_refused"
    title = "The server cannot be asked"


@contextmanager
def connected(url: str, *, is_bulk: bool = False) -> Iterator[Horngate]:
    """A client of the server at `url`; raises `ServerRefused`, which names it, for what the client raises.

    Bulk work is patient, and gives way to others' requests.
    """
    try:
        patient: dict[str, Any] = {"timeout": TIMEOUT_SECONDS, "retries": RETRIES, "priority": "low"}
        server = Horngate(url, **patient if is_bulk else {})
    except ValueError as error:
        raise ServerRefused(f"--{error}") from None
    with server, _told_of(url):
        yield server


@contextmanager
def _told_of(url: str) -> Iterator[None]:
    """Raise the client's errors as ours."""
    try:
        yield
    except client.HorngateError as error:
        raise ServerRefused(f"{url}: {error}") from None


@contextmanager
def open_remote(url: str, wanted: str, *, is_bulk: bool = False) -> Iterator["RemoteAsker"]:
    """The version that is `wanted`, or the one that the server answers with; raises `ServerRefused`."""
    name, version = split_version(wanted)
    with connected(url, is_bulk=is_bulk) as server:
        detail = server.model(name)
        if version is not None and version not in detail.versions:
            served = ", ".join(map(str, detail.versions))
            raise ServerRefused(f"{url}: {name} has no version {version} there; there are: {served}")
        yield RemoteAsker(url, server, described(detail, version))


def described(detail: client.ModelDetail, version: int | None = None) -> Model:
    """One version of a served model, or the one that answers requests that pin none."""
    number = version or detail.default
    found = next(one for one in detail.details if one.version == number)
    inputs, outputs = (
        tuple(TensorSpec(spec.name, spec.dtype, spec.shape) for spec in part) for part in (found.inputs, found.outputs)
    )
    labels = DIGITS if found.task == "digit" else found.labels
    return Model(detail.name, number, found.task, inputs, outputs, labels, found.runtime)


@dataclass(frozen=True, slots=True)
class RemoteAsker:
    """Asks one version of one server."""

    url: str
    server: Horngate
    model: Model

    def ask(self, inputs: Sequence[Any]) -> list[Told]:
        """A prediction for each input, or why it has none."""
        with _told_of(self.url):
            return [_told(one) for one in self.server.map(self.model.name, inputs, version=self.model.version)]


def _told(found: client.Prediction | client.HorngateError) -> Told:
    """What the client gives, as the server tells it."""
    prediction: Prediction
    match found:
        case client.HorngateError():
            return Failed(str(found))
        case client.Classification():
            prediction = {"label": found.label, "score": found.score, "probabilities": dict(found.probabilities)}
        case client.DigitReading():
            prediction = {"digit": found.digit, "score": found.score, "probabilities": list(found.probabilities)}
        case client.TensorRow(label=None):
            prediction = {"outputs": dict(found.outputs)}
        case client.TensorRow():
            prediction = {
                "label": found.label or "",
                "score": found.score or 0.0,
                "probabilities": dict(found.probabilities or {}),
                "outputs": dict(found.outputs),
            }
    return prediction
