"""`POST /explain/{model}`: the prediction for one input, and what each of its parts contributed to it."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from app.errors import InputInvalid
from app.explanations.classes import check_wish
from app.explanations.explain import explain
from app.explanations.occlusion import PARTS
from app.explanations.paths import MOST_STEPS
from app.explanations.wish import METHODS, OCCLUSION, Method, Wish
from app.http.answers import headers_of
from app.http.bodies import read_any_inputs
from app.http.bodies.inputs import Limits
from app.http.body import Body, read_in_time
from app.http.departure import Departure
from app.http.dialect import PROBLEMS
from app.http.directives import direct, model_below, resolve, whole_number
from app.http.ending import conclude
from app.http.problems import Rendered
from app.http.record import RequestRecord, record_of
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.nearest import nearest_hint
from app.types import rows_of

PATH = "/explain/{model}"
PREFIX = PATH.partition("{")[0]
LEAST_ROWS = PARTS + 1
"""The input, nothing of it, and the input without all that it has."""


class ExplainEndpoint:
    """Explains the predictions of models whose inputs can be left out or scaled; bodies and limits are `/predict`'s."""

    def __init__(self, registry: Registry, limits: Limits, max_body_bytes: int, timeout_seconds: float) -> None:
        self._registry = registry
        self._limits = limits
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The model that a path names; None where it names none, or more than that."""
        return model_below(PREFIX, path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that leaves gets no answer, everybody else exactly one."""
        record = record_of(scope)
        record.route = PATH
        departure = Departure(receive)
        await conclude(self._answer(scope, receive, send, record, departure), send, record, departure, PROBLEMS)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord, departure: Departure
    ) -> None:
        """Read, explain, respond."""
        started = perf_counter()
        query, headers = scope["query_string"], dict(scope["headers"])
        named = resolve(self._registry, scope["path_params"]["model"], query)
        model, timeout_seconds, priority = direct(named, headers, self._timeout_seconds, record)
        wish = wish_of(query, self._limits.max_rows)
        check_wish(model, wish)
        body = await read_in_time(scope, receive, self._max_body_bytes, timeout_seconds)
        item, size_bytes = await self._input(body, model)
        left_seconds = timeout_seconds - (perf_counter() - started)
        with departure:
            explained = await explain(model, item, size_bytes, left_seconds, priority, wish=wish)
        content = to_json({**explained.content, "model": model.name, "version": model.version})
        own = headers_of(explained.inference, content, perf_counter() - started)
        await Rendered(200, own, content).send(send)

    async def _input(self, body: Body, model: ServedModel) -> tuple[Any, int]:
        """The one input, and what preparing it goes through in bytes; raises `RequestInvalid`."""
        inputs = await read_any_inputs(body, model, self._limits)
        if model.manifest.task == "tensor":
            rows = rows_of(inputs.items[0])
            if rows != 1:
                raise InputInvalid.at("/inputs", "one row", f"{rows:,} rows")
        elif inputs.is_many:
            raise InputInvalid.at("", "one input, without a list around it", f"a list of {len(inputs.items)}")
        return inputs.items[0], max(len(body.data), inputs.unpacked_bytes)


def wish_of(query: bytes, most_rows: int) -> Wish:
    """What the URL asks for: a method, a class, and a bound of rows or steps; raises `InputInvalid`."""
    asked = {name: values[0] for name, values in parse_qs(query.decode("latin-1"), keep_blank_values=True).items()}
    method = _method(asked.get("method", OCCLUSION))
    own, other = ("rows", "steps") if method == OCCLUSION else ("steps", "rows")
    if other in asked:
        raise InputInvalid.at("", f"?{own}, which bounds the method {method}", f"?{other}")
    bounds = (LEAST_ROWS, most_rows) if method == OCCLUSION else (1, min(MOST_STEPS, most_rows - PARTS))
    bound = _between(*bounds, asked[own], own) if own in asked else None
    return Wish(asked.get("class"), method, bound)


def _method(name: str) -> Method:
    """One of the methods."""
    for method in METHODS:
        if name == method:
            return method
    hint = nearest_hint(name[:64], METHODS)
    raise InputInvalid.at("", f"{' or '.join(METHODS)} in ?method{hint}", repr(name[:64]))


def _between(least: int, most: int, text: str, name: str) -> int:
    """A whole number of the query within bounds."""
    number = whole_number(text, f"?{name}")
    if not least <= number <= most:
        raise InputInvalid.at("", f"{least} to {most:,} in ?{name}", f"{number:,}")
    return number
