"""An answer as it goes out: its JSON and its headers."""

from pydantic_core import to_json

from app.types import Answer, Inference

RawHeaders = list[tuple[bytes, bytes]]


def content_of(answer: Answer, *, is_many: bool) -> bytes:
    """The answer as JSON: one prediction as it is, or a list of them where a list was asked for."""
    served = {"model": answer.model, "version": answer.version}
    if is_many:
        return to_json({"predictions": answer.predictions, **served})
    return to_json({**answer.predictions[0], **served})


def headers_of(answer: Answer | Inference, content: bytes, total_seconds: float) -> RawHeaders:
    """What the answer's headers say: what answered, and where the time went."""
    timing = answer.timing
    spent = b"queue;dur=%.3f, preprocess;dur=%.3f, infer;dur=%.3f, total;dur=%.3f" % (
        1000 * timing.queue,
        1000 * timing.preprocess,
        1000 * timing.infer,
        1000 * total_seconds,
    )
    return [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"x-model", f"{answer.model}/{answer.version}".encode()),
        (b"server-timing", spent),
    ]
