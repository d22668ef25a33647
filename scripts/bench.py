"""`python -m scripts.bench`: Horngate beside its peers and its limits, as one table of aims and what was measured."""

import logging
from collections.abc import Callable
from pathlib import Path

import click

from scripts.benchmark.contenders import CONTENDERS
from scripts.benchmark.document import to_json, to_markdown, write_files
from scripts.benchmark.machine import describe_machine
from scripts.benchmark.result import Conditions, Section
from scripts.benchmark.sections.lengths import measure_lengths
from scripts.benchmark.sections.limit import measure_limit
from scripts.benchmark.sections.many_texts import measure_many_texts
from scripts.benchmark.sections.overload import measure_overload
from scripts.benchmark.sections.pictures import measure_pictures
from scripts.benchmark.sections.protocols import measure_protocols
from scripts.benchmark.sections.side_by_side import measure_side_by_side
from scripts.benchmark.tensor_peers import TENSOR_PEERS
from scripts.console import FOLDER, models_option, told_plainly

SECTIONS: dict[str, Callable[[Conditions], Section]] = {
    "peers": measure_side_by_side,
    "limit": measure_limit,
    "texts": measure_many_texts,
    "pictures": measure_pictures,
    "lengths": measure_lengths,
    "overload": measure_overload,
    "protocols": measure_protocols,
}
PEERS = {**CONTENDERS, **TENSOR_PEERS}
"""The servers beside ours; a section measures those that do what it is about."""

QUICK = (1, 1.0)
"""Rounds and seconds that show whether everything runs, and little more."""

logger = logging.getLogger("scripts.bench")


def _names(known: dict[str, object]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Reads names with commas between them; each has to be known."""

    def read(context: click.Context, parameter: click.Parameter, value: str) -> list[str]:
        del context, parameter
        names = [name.strip() for name in value.split(",") if name.strip()]
        for name in names:
            if name not in known:
                raise click.BadParameter(f"expected some of {', '.join(known)}; received {name!r}")
        return names

    return read


@click.command()
@models_option
@click.option(
    "--only", default=",".join(SECTIONS), show_default=True, callback=_names(dict(SECTIONS)), help="Sections."
)
@click.option("--peers", default=",".join(PEERS), show_default=True, callback=_names(dict(PEERS)))
@click.option("--venvs", type=FOLDER, default="cache/peers", show_default=True, help="The peers' environments.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Horngate's processes.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=3.0, show_default=True, help="Length of one run.")
@click.option("--quick", is_flag=True, help="One round of one second: whether it runs, not how fast.")
@click.option("--output", type=click.Path(path_type=Path), help="Write OUTPUT.md and OUTPUT.json.")
def main(
    *,
    models: Path,
    only: list[str],
    peers: list[str],
    venvs: Path,
    workers: int,
    rounds: int,
    seconds: float,
    quick: bool,
    output: Path | None,
) -> None:
    """Measure and print Markdown. Only ratios within one run count; the machine should do nothing else."""
    if quick:
        rounds, seconds = QUICK
    conditions = Conditions(models, workers, rounds, seconds, venvs, peers)
    machine, sections = describe_machine(), {}
    with told_plainly():
        for name in only:
            logger.info("measuring: %s", name)
            sections[name] = SECTIONS[name](conditions)
            if output is not None:
                # After every section: a run that is broken off keeps what it has.
                write_files(output, to_markdown(machine, sections), to_json(machine, sections))
    click.echo(to_markdown(machine, sections))


if __name__ == "__main__":
    main()
