"""A whole benchmark as Markdown and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.benchmark.result import Aim, Section, markdown_table

VERDICTS = {True: "yes", False: "no", None: "not measured"}


def to_markdown(machine: Mapping[str, str], sections: Mapping[str, Section]) -> str:
    """The aims first, then each section with its table and notes."""
    parts = ["# Benchmark", markdown_list(machine)]
    aims = [aim for section in sections.values() for aim in section.aims]
    if aims:
        parts.append(markdown_table([["what", "aim", "measured", "reached"], *map(_line, aims)]))
    for section in sections.values():
        parts.append(f"## {section.title}")
        parts += [markdown_table(section.table)] if section.table else []
        parts += ["\n".join(f"- {note}" for note in section.notes)] if section.notes else []
    return "\n\n".join(parts) + "\n"


def to_json(machine: Mapping[str, str], sections: Mapping[str, Section]) -> dict[str, Any]:
    """Every figure of every run, by section."""
    return {"machine": dict(machine), "sections": {name: asdict(section) for name, section in sections.items()}}


def markdown_list(entries: Mapping[str, str]) -> str:
    """Names and what belongs to them."""
    return "\n".join(f"- {name}: {text}" for name, text in entries.items())


def write_files(output: Path, text: str, figures: Mapping[str, Any]) -> None:
    """Write `output` twice, its ending being .md and .json."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.with_suffix(".md").write_text(text, encoding="utf-8")
    content = json.dumps(figures, indent=1, ensure_ascii=False)
    output.with_suffix(".json").write_text(content + "\n", encoding="utf-8")


def _line(aim: Aim) -> Sequence[str]:
    """An aim's row."""
    return [aim.what, aim.aim, aim.measured, VERDICTS[aim.holds]]
