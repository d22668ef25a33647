"""What stands on the card, and what on the report, from top to bottom."""

from collections.abc import Mapping, Sequence
from typing import Any

from scripts.training.reporting import figures, findings, methods, origins
from scripts.training.reporting.blocks import Block, Heading, Paragraph, Picture


def card(report: Mapping[str, Any], pictures: Sequence[Picture]) -> list[Block]:
    """The card: what a user of the model should know."""
    return [*_findings(report), Heading("Plots"), *pictures, *_origins(report)]


def full(report: Mapping[str, Any], pictures: Sequence[Picture]) -> list[Block]:
    """The report: the card's content, and what helps to make the next version better."""
    return [
        *card(report, pictures),
        Heading("Errors"),
        *findings.failures(report),
        *findings.wrong_sentences(report),
        *findings.worst_errors(report),
        *origins.recipe(report),
        *origins.epochs(report),
    ]


def _findings(report: Mapping[str, Any]) -> list[Block]:
    return [
        Paragraph(report["recipe"]["card"]["purpose"]),
        *figures.figures(report),
        *findings.baseline(report),
        *findings.version_before(report),
        *figures.calibration(report),
        *findings.sentences(report),
        *findings.additional(report),
        *findings.behaviour(report),
        *figures.slices(report),
    ]


def _origins(report: Mapping[str, Any]) -> list[Block]:
    return [*origins.data(report), *origins.limits(report), *origins.making(report), *methods.ways_of_training(report)]
