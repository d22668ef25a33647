"""Everything that Horngate raises on purpose; a transport turns each class into a status of its own.

HorngateError
├── SettingsInvalid           a setting is unknown or makes no sense: the start ends
├── ModelInvalid              a model folder cannot be served: it is reported, the others go on
├── RequestInvalid            the caller can mend it
│   ├── BodyMalformed         400  not JSON, or not the image that it says it is
│   ├── TooLarge              413  body, image, text or list
│   ├── MediaUnsupported      415
│   └── InputInvalid          422  well-formed, but wrong
├── ModelNotFound             404  no such model or version
├── QueueFull                 429  come back in `retry_after_seconds`
├── NotReady                  503  loading or draining
├── DeadlineExceeded          504  queued until the caller's deadline had passed
└── InferenceFailed           500  the runtime raised, or gave something else than the model's outputs
"""

from dataclasses import dataclass


class HorngateError(Exception):
    """The root of the tree; `code` is the stable word that clients and tests may compare."""

    code = "internal"
    title = "Something went wrong inside the server"


class SettingsInvalid(HorngateError):
    """A setting is unknown or makes no sense."""

    code = "settings_invalid"
    title = "The settings are not valid"


class ModelInvalid(HorngateError):
    """A model folder cannot be served; the message names the file and what to do."""

    code = "model_invalid"
    title = "The model cannot be served"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (a JSON pointer), what was expected, what came."""

    pointer: str
    expected: str
    received: str


class RequestInvalid(HorngateError):
    """The caller can mend it: `detail` says how, `faults` point at the places."""

    code = "request_invalid"
    title = "The request is not valid"

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.faults = faults


class BodyMalformed(RequestInvalid):
    """The body is not JSON, or not the image that it says it is."""

    code = "body_malformed"
    title = "The body cannot be read"


class TooLarge(RequestInvalid):
    """The body, an image, a text or the list of inputs is over its limit."""

    code = "too_large"
    title = "The request is too large"


class MediaUnsupported(RequestInvalid):
    """No reader for this media type."""

    code = "media_unsupported"
    title = "The media type is not supported"


class InputInvalid(RequestInvalid):
    """Well-formed, but wrong: an empty text, 27×28 pixels, a NaN."""

    code = "input_invalid"
    title = "The input is not valid"

    @classmethod
    def at(cls, pointer: str, expected: str, received: str) -> "InputInvalid":
        """One fault, also told in the detail."""
        place = f"{pointer}: " if pointer else ""
        return cls(f"{place}expected {expected}; received {received}", (Fault(pointer, expected, received),))


class ModelNotFound(HorngateError):
    """No such model or version; the message gives the nearest that is served."""

    code = "model_not_found"
    title = "No such model or version"


class Retriable(HorngateError):
    """Worth trying again after `retry_after_seconds`."""

    def __init__(self, detail: str, retry_after_seconds: float) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class QueueFull(Retriable):
    """The model's queue is at its limit."""

    code = "queue_full"
    title = "Too many requests are waiting"


class NotReady(Retriable):
    """The model is still loading, or the server is draining."""

    code = "not_ready"
    title = "The server is not ready"


class DeadlineExceeded(HorngateError):
    """The deadline passed before a model instance was free."""

    code = "deadline_exceeded"
    title = "The deadline passed"


class InferenceFailed(HorngateError):
    """The runtime raised, or its result does not fit the request."""

    code = "inference_failed"
    title = "The model failed on this input"
