"""Everything that is looked at, in the order in which it matters, and how it is told."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.doctor.finding import Finding, Level
from app.cli.doctor.machine import check_machine, listed_gpus
from app.cli.doctor.models import check_models
from app.cli.doctor.runtimes import check_gpu, check_runtimes, check_tensorflow
from app.cli.doctor.server import check_server
from app.cli.doctor.settings import check_ports, check_settings

MARKS: dict[Level, str] = {"ok": "✓", "warning": "!", "problem": "✗"}
COLOURS: dict[Level, str] = {"ok": "green", "warning": "yellow", "problem": "red"}


def examine(models: Path, url: str | None) -> Iterator[Finding]:
    """What is found, as it is found; what takes long comes last."""
    settings, findings = check_settings()
    yield from findings
    if url is None:
        yield from check_ports(settings)
    yield from check_models(models, settings.required_models)
    yield from check_machine(settings.workers, models)
    if url is not None:
        yield from check_server(url)
    yield from check_runtimes()
    told, finding = check_tensorflow()
    yield finding
    yield check_gpu(told.get("gpus"), listed_gpus())


def line_of(finding: Finding) -> str:
    """A finding as one line, and what to do as another."""
    mark = click.style(MARKS[finding.level], fg=COLOURS[finding.level], bold=True)
    text = f"{mark} {finding.area:<14}{' '.join(finding.found.split())}"
    return f"{text}\n{'':<16}→ {finding.advice}" if finding.advice else text


def summary_of(findings: Sequence[Finding]) -> str:
    """How many there are of each."""
    counts = Counter(finding.level for finding in findings)
    return f"{counts['problem']} problems, {counts['warning']} warnings, {counts['ok']} ok"


def to_json(findings: Sequence[Finding]) -> str:
    """All of it."""
    counts = Counter(finding.level for finding in findings)
    document = {"problems": counts["problem"], "warnings": counts["warning"], "findings": list(map(asdict, findings))}
    return json.dumps(document, indent=2, ensure_ascii=False)
