"""`horngate bench`: its options, as click reads them."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.bench.options import Options


class Finite(click.FloatRange):
    """A range of numbers that a NaN does not slip into."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click's own."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SECONDS = Finite(min=0, max=86_400, min_open=True)
MILLISECONDS = Finite(min=0, max=86_400_000, min_open=True)
CONNECTIONS = click.IntRange(1, 10_000)
RATE = Finite(min=0, max=1_000_000, min_open=True)

DEFAULT_CONNECTIONS = (1, 8, 32)
DEFAULT_ROWS = 64
MAX_STEPS = 32
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count it."""


def list_of(kind: "click.ParamType[Any]") -> Callable[[click.Context, click.Parameter, str | None], tuple[Any, ...]]:
    """Reads numbers between commas."""

    def convert(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[Any, ...]:
        parts = value.split(",") if value else []
        if len(parts) > MAX_STEPS:
            raise click.BadParameter(f"expected at most {MAX_STEPS} numbers; received {len(parts)}")
        return tuple(kind.convert(part.strip(), parameter, context) for part in parts)

    return convert


def _headers(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Reads `Name: value`."""
    del context, parameter
    pairs = []
    for line in values:
        name, colon, value = line.partition(":")
        if not (name.strip() and colon and line.isascii() and line.isprintable()):
            raise click.BadParameter(f"expected 'Name: value' in printable ASCII; received {line!r}")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


@click.command()
@click.argument("url", default="http://127.0.0.1:8000")
@click.option("--model", help="The model whose /predict/NAME is loaded; the default is the server's first.")
@click.option("--connections", callback=list_of(CONNECTIONS), help="Closed loop: so many callers each; 1,8,32.")
@click.option("--rate", "rates", callback=list_of(RATE), help="Open loop: so many requests per second each; 500,1000.")
@click.option("--spacing", type=click.Choice(["poisson", "constant"]), default="poisson", help="Of the open loop.")
@click.option("--max-connections", type=CONNECTIONS, default=1000, help="Of the open loop.", show_default=True)
@click.option("--seconds", type=SECONDS, default=10.0, help="Measured time of each step.", show_default=True)
@click.option("--warmup", type=Finite(0, 86_400), default=1.0, help="Seconds before that.", show_default=True)
@click.option("--timeout", type=SECONDS, default=10.0, help="Seconds that an answer may take.", show_default=True)
@click.option("--deadline-ms", type=MILLISECONDS, help="Good is what is answered with 2xx within so many.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Generator processes.", show_default=True)
@click.option("--kind", type=click.Choice(["text", "texts", "pixels", "png"]), help="Built-in body to send.")
@click.option("--rows", type=click.IntRange(1, 65_536), help="Texts per request, for --kind texts and --texts.")
@click.option("--texts", type=FILE, help="Send this file's lines, a text each, in turn.")
@click.option("--body", type=FILE, help="Send this file.")
@click.option("--content-type", default="application/json", help="Of --body.", show_default=True)
@click.option("--header", "headers", multiple=True, callback=_headers, help="'Name: value', any number of times.")
@click.option("--limit", "with_limit", is_flag=True, help="Measure the bare runtime and an empty exchange as well.")
@click.option(
    "--models-dir",
    "--models",
    "models",
    type=click.Path(path_type=Path),
    default="models",
    envvar="HORNGATE_MODELS_DIR",
    help="Folder of the models, for --limit.",
)
@click.option("--pid", type=click.IntRange(1), help="The server's process: count its CPU time, its children's too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
@click.option("--html", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write a report here.")
def bench(as_json: bool, html: Path | None, **given: Any) -> None:  # click calls it by name
    """Load a server and measure it.

    URL is the server, or a whole route. Closed loop: each of so many callers asks again as soon as it is answered. Open
    loop: requests come at a rate of their own, and latency runs from when each was due, so that a stall counts whole.
    """
    from app.bench.output import to_json, write_report  # noqa: PLC0415  # the other commands need no generator
    from app.bench.session import run_bench  # noqa: PLC0415  # the same
    from app.bench.table import report_text  # noqa: PLC0415  # the same

    outcome = run_bench(_options(given))
    click.echo(to_json(outcome) if as_json else report_text(outcome))
    if html is not None:
        write_report(outcome, html)
    if outcome.was_interrupted or outcome.problem:
        sys.exit(INTERRUPTED if outcome.was_interrupted else 1)


def _options(given: dict[str, Any]) -> "Options":
    """The options as one checked value."""
    from app.bench.options import Options  # noqa: PLC0415  # as above

    _check_body(given)
    rows, deadline_ms, connections = given.pop("rows"), given.pop("deadline_ms"), given.pop("connections")
    if rows is None:
        rows = DEFAULT_ROWS if given["kind"] == "texts" else 1
    return Options(
        rows=rows,
        connections=connections or (() if given["rates"] else DEFAULT_CONNECTIONS),
        warmup_seconds=given.pop("warmup"),
        timeout_seconds=given.pop("timeout"),
        deadline_seconds=None if deadline_ms is None else deadline_ms / 1000,
        **given,
    )


def _check_body(given: dict[str, Any]) -> None:
    """One body at most; rows only where there are texts."""
    named = [f"--{name}" for name in ("body", "texts", "kind") if given[name]]
    if len(named) > 1:
        raise click.UsageError(f"expected one of --body, --texts and --kind; received {' and '.join(named)}")
    if given["rows"] and not (given["texts"] or given["kind"] == "texts"):
        raise click.UsageError("--rows goes with --kind texts or --texts")
