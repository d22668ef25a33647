"""The HTML report: one file that needs no network and no script, for light and dark."""

from collections.abc import Iterator
from html import escape

from app.bench.curves import percentile_chart, rate_chart
from app.bench.notes import notes_of
from app.bench.session import Outcome
from app.bench.style import STYLE
from app.bench.table import table_of

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def report_html(outcome: Outcome) -> str:
    """The whole page; it is well-formed XML as well."""
    title = f"horngate bench: {outcome.prepared.url}"
    return PAGE.format(title=escape(title), style=STYLE, content="\n".join(_content(outcome)))


def _content(outcome: Outcome) -> Iterator[str]:
    """What stands on the page, from top to bottom."""
    prepared, measured = outcome.prepared, outcome.measurements
    yield f"<h1>{escape(prepared.url)}</h1>"
    yield f"<p>{escape(prepared.body)}<br/>{escape(_when_and_where(outcome))}</p>"
    if measured:
        yield table_html(table_of(outcome))
    yield notes_html(notes_of(outcome))
    yield from _figure(
        percentile_chart(measured),
        "How long requests took, a line for each step; from 90 % on, each grid line leaves out a tenth as many. "
        "Latency runs from when a request was due; requests that timed out count with the time they waited.",
    )
    yield from _figure(
        rate_chart([one for one in measured if one.step.rate is None]),
        "Closed loop: latency over the rate that was answered, a point for each number of connections (beside p50).",
    )
    yield from _figure(
        rate_chart([one for one in measured if one.step.rate is not None]),
        "Open loop: latency over the rate that was offered, of what was accepted.",
    )


def _when_and_where(outcome: Outcome) -> str:
    """Date, model, machine."""
    model = f"{outcome.prepared.answer.model}, " if outcome.prepared.answer.model else ""
    return f"{model}{outcome.started:%Y-%m-%d %H:%M} UTC, {outcome.machine}"


def table_html(table: list[list[str]]) -> str:
    """The table of steps, each row headed by its step."""
    head, *rows = table
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = [
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    ]
    body = "\n".join(lines)
    return f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def notes_html(lines: list[str]) -> str:
    """The notes."""
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>" if lines else ""


def _figure(chart: str, caption: str) -> Iterator[str]:
    """A chart with its caption, where there is one."""
    if chart:
        yield f"<figure>\n{chart}\n<figcaption>{escape(caption)}</figcaption>\n</figure>"
