"""`POST /explain/{model}`: the prediction for one input, and what each of its parts contributed to it."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from app.errors import InputInvalid
from app.explanations.classes import check_class
from app.explanations.explain import Wish, explain
from app.explanations.occlusion import PARTS
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

PATH = "/explain/{model}"
PREFIX = PATH.partition("{")[0]
LEAST_ROWS = PARTS + 1
"""The input, nothing of it, and the input without all that it has."""


class ExplainEndpoint:
    """Explains the predictions of models with texts or pictures; bodies and limits are those of `/predict`."""

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
        check_class(model, wish.class_name)
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
        if inputs.is_many:
            raise InputInvalid.at("", "one input, without a list around it", f"a list of {len(inputs.items)}")
        return inputs.items[0], max(len(body.data), inputs.unpacked_bytes)


def wish_of(query: bytes, most_rows: int) -> Wish:
    """The class and the bound of rows that the URL asks for; raises `InputInvalid`."""
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    class_name = asked["class"][0] if "class" in asked else None
    if "rows" not in asked:
        return Wish(class_name)
    rows = whole_number(asked["rows"][0], "?rows")
    if not LEAST_ROWS <= rows <= most_rows:
        raise InputInvalid.at("", f"{LEAST_ROWS} to {most_rows:,} in ?rows", f"{rows:,}")
    return Wish(class_name, rows)
