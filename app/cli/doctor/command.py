"""`horngate doctor`: its options, as click reads them."""

import sys
from pathlib import Path

import click

from app.cli.options import asking_options

HAS_PROBLEM = 1
"""Exit code where something does not work."""


@click.command()
@asking_options
def doctor(*, models_dir: Path, as_json: bool, url: str | None) -> None:
    """Check this machine, the models and a server, and say what to do.

    Looks at the settings, ports, model folders, cores, memory, limits and runtimes, and with --url at a running server.
    A warning costs speed or may bite later; after a problem, which does not work, the exit code is 1.
    """
    from app.cli.doctor.examination import examine, line_of, summary_of, to_json  # noqa: PLC0415  # as in calibrate

    findings = []
    for finding in examine(models_dir, url):
        findings.append(finding)
        if not as_json:
            click.echo(line_of(finding))
    click.echo(to_json(findings) if as_json else summary_of(findings))
    if any(finding.level == "problem" for finding in findings):
        sys.exit(HAS_PROBLEM)
