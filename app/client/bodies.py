"""What a task takes, as the JSON of a request."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from app.client.errors import RequestRefused
from app.client.pictures import body_of as pictures_body

SENTIMENT, TOPIC, DIGIT, TENSOR = "sentiment", "topic", "digit", "tensor"
"""The tasks; a model of the first three's own name has that task."""


Texts: TypeAlias = list[str] | tuple[str, ...]
"""Several texts, for type checkers; any collection of them will do."""


class Body(NamedTuple):
    """A request's JSON; `is_many` where the caller gave a list, and expects one."""

    content: bytes
    is_many: bool


def body_of(task: str, inputs: Any) -> Body:
    """The body for one input or many; raises `RequestRefused` for what cannot be said in JSON."""
    value: Mapping[str, Any]
    if task == TENSOR:
        value, is_many = {"inputs": inputs}, True
    elif task == DIGIT:
        value, is_many = pictures_body(inputs)
    else:
        is_many = not isinstance(inputs, str)
        value = {"texts": _listed(inputs)} if is_many else {"text": inputs}
    return Body(_encoded(value), is_many)


def gathered(task: str, items: Sequence[Any]) -> Any:
    """Items that came one by one as the inputs of one request: rows of several tensors become columns."""
    first = items[0]
    if task != TENSOR or not isinstance(first, Mapping):
        return list(items)
    if any(not isinstance(item, Mapping) or item.keys() != first.keys() for item in items):
        raise RequestRefused(f"expected the inputs {', '.join(first)} in every row; received others")
    return {name: [item[name] for item in items] for name in first}


def _listed(texts: Any) -> list[Any]:
    """Texts of any collection."""
    if isinstance(texts, Iterable) and not isinstance(texts, bytes | Mapping):
        return list(texts)
    raise RequestRefused(f"expected a text or a list of texts; received {type(texts).__name__}")


def _encoded(value: Any) -> bytes:
    """JSON in UTF-8, in which arrays are lists."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except (ValueError, TypeError) as error:
        raise RequestRefused(f"expected texts or finite numbers; received something else ({error})") from error


def _plain(value: Any) -> Any:
    """What holds numbers and is no list, such as arrays of numpy, pandas, PyTorch and JAX, as one."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no text, number, list or array")
