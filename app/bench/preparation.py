"""Before the load: where it goes, what is sent, and what the server answers to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.bench.bodies import bodies_of_texts, body_of, body_of_example, body_of_file
from app.bench.errors import BenchInvalid
from app.bench.options import Options
from app.bench.probe import Answer, ask, choose_model
from app.bench.request import Body, Load, Target, make_load


@dataclass(frozen=True, slots=True)
class Prepared:
    """A load that the server has answered once."""

    load: Load
    answer: Answer
    body: str

    @property
    def url(self) -> str:
        """Where it goes."""
        target = self.load.target
        return target.origin + target.path


def prepare(options: Options) -> Prepared:
    """Find the route and the body, and send one request; raises `BenchInvalid` where nobody answers."""
    target, example = Target.parse(options.url), None
    if target.path and options.model:
        raise BenchInvalid(f"expected either --model or a whole route; received {options.model} and {options.url}")
    if not target.path:
        target, example = choose_model(target, options.model, options.timeout_seconds)
    bodies = _bodies(options, example)
    answer = ask(target, bodies[0], options.headers, options.timeout_seconds)
    return Prepared(make_load(target, bodies, options.headers), answer, _describe(bodies))


def _bodies(options: Options, example: Any) -> Sequence[Body]:
    """What the user named, or else the server's example."""
    if options.body is not None:
        return [body_of_file(options.body, options.content_type)]
    if options.texts is not None:
        return bodies_of_texts(options.texts, options.rows)
    if options.kind is not None:
        return [body_of(options.kind, options.rows)]
    if example is None:
        raise BenchInvalid("expected --kind, --body or --texts; the server's document shows no example for this route")
    return [body_of_example(example)]


def _describe(bodies: Sequence[Body]) -> str:
    """The bodies in a few words."""
    sizes = sorted(len(body.content) for body in bodies)
    size = f"{sizes[0]:,}" if sizes[0] == sizes[-1] else f"{sizes[0]:,} to {sizes[-1]:,}"
    many = f"{len(bodies):,} bodies, " if len(bodies) > 1 else ""
    rows = f"{bodies[0].rows} rows each, " if bodies[0].rows > 1 else ""
    return f"{many}{rows}{bodies[0].content_type}, {size} bytes"
