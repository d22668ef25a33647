"""The Python client: `from app.client import Horngate, AsyncHorngate`. It needs httpx and nothing of the server."""

from app.client.asynchronous import AsyncHorngate
from app.client.errors import (
    DeadlineExceeded,
    Fault,
    HorngateError,
    NotFound,
    RequestRefused,
    RetryLater,
    ServerFailed,
    ServerUnreachable,
    Unauthorised,
)
from app.client.explanations import Contribution, DigitExplanation, Scores, TensorExplanation, TextExplanation
from app.client.results import Classification, DigitReading, Prediction, TensorRow, Timing
from app.client.served import Health, Model, ModelDetail, ModelVersion, TensorSpec
from app.client.sync import Horngate

__all__ = [
    "AsyncHorngate",
    "Classification",
    "Contribution",
    "DeadlineExceeded",
    "DigitExplanation",
    "DigitReading",
    "Fault",
    "Health",
    "Horngate",
    "HorngateError",
    "Model",
    "ModelDetail",
    "ModelVersion",
    "NotFound",
    "Prediction",
    "RequestRefused",
    "RetryLater",
    "Scores",
    "ServerFailed",
    "ServerUnreachable",
    "TensorExplanation",
    "TensorRow",
    "TensorSpec",
    "TextExplanation",
    "Timing",
    "Unauthorised",
]
