"""`python -m scripts.soak`: mixed load for minutes; exit code 1 where memory grows or an answer was not due."""

import asyncio
import sys
from pathlib import Path

import click

from app.bench.bodies import TEXT
from scripts.benchmark.contenders import horngate
from scripts.benchmark.document import markdown_list, write_files
from scripts.benchmark.machine import Steal, describe_machine
from scripts.benchmark.processes import running
from scripts.benchmark.soak.callers import Load, Soak
from scripts.benchmark.soak.outcome import Outcome
from scripts.console import models_option, told_plainly

WARMUP_SHARE, LONGEST_WARMUP_SECONDS = 0.2, 300.0
SAMPLES = 240
"""About so many looks at the memory, of which a tenth at either end is compared."""


@click.command()
@models_option
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), default=5.0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Horngate's processes.")
@click.option("--callers", type=click.IntRange(min=1), default=8, show_default=True, help="How many ask at a time.")
@click.option("--output", type=click.Path(path_type=Path), help="Write OUTPUT.md and OUTPUT.json.")
def main(models: Path, minutes: float, workers: int, callers: int, output: Path | None) -> None:
    """Load a server of its own with texts, pictures, bad requests, leaving clients and bursts, and watch its memory."""
    machine, steal = describe_machine(), Steal()
    with told_plainly():
        outcome = soak(models, workers, 60 * minutes, Load(callers))
    title = f"# Soak: {minutes:g} minutes, {workers} workers, {callers} callers"
    text = f"{title}\n\n{markdown_list(machine)}\n\n{outcome.to_markdown()}\n\n{steal.note()}\n"
    if output is not None:
        write_files(output, text, {"machine": machine, **outcome.to_json()})
    click.echo(text)
    sys.exit(0 if outcome.holds else 1)


def soak(models: Path, workers: int, seconds: float, load: Load) -> Outcome:
    """Start a server on `models`, soak it, and end it."""
    contender = horngate(workers, models)
    with running(contender.start_with(contender.body(TEXT))) as server:
        warmup = min(WARMUP_SHARE * seconds, LONGEST_WARMUP_SECONDS)
        every = (seconds - warmup) / SAMPLES
        run = Soak(server.origin, seconds, warmup, every, lambda: sum(server.pss_mib()), load)
        return asyncio.run(run.run())


if __name__ == "__main__":
    main()
