"""One evaluation, from the version's name to its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli.evaluation.asking import Answers, ask_all
from app.cli.evaluation.rows import Asked, Wanted, read_rows
from app.cli.evaluation.served import open_served
from app.evaluation.figures import Figures, figures_of
from app.evaluation.judged import Judged, judged
from app.labelled.problems import Problem, refuse_mostly_broken
from app.lifecycle.running import Running
from app.repository.manifest import RuntimeName
from app.types import Prediction


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of it: of `asked_rows` those at `places` were answered, in `seconds`; `problems` were left out."""

    name: str
    running: Running
    data: Path
    asked_rows: int
    places: Sequence[str]
    predictions: Sequence[Prediction]
    judged: Judged
    figures: Figures
    problems: tuple[Problem, ...]
    seconds: float
    is_whole: bool


def run_evaluation(models: Path, model: str, wanted: Wanted, runtime: RuntimeName | None) -> Evaluation:
    """Ask the version all rows and judge its answers; after Ctrl-C, those that it gave until then.

    Raises `HorngateError` where model or data cannot be used, and `KeyboardInterrupt` where not one row was answered.
    """
    with open_served(models, model, runtime) as served:
        asked = read_rows(wanted, served)
        answers = ask_all([served], asked.rows)
    problems = left_out(wanted.data, asked, answers)
    rows = judged(served.labels, asked.targets[list(answers.rows)], answers.predictions[0])
    return Evaluation(
        name=served.name,
        running=served.running,
        data=wanted.data,
        asked_rows=len(asked.targets),
        places=[asked.rows.places[row] for row in answers.rows],
        predictions=answers.predictions[0],
        judged=rows,
        figures=figures_of(rows),
        problems=problems,
        seconds=answers.seconds[0],
        is_whole=answers.is_whole,
    )


def left_out(data: Path, asked: Asked, answers: Answers) -> tuple[Problem, ...]:
    """All rows that were left out; raises `DataInvalid` where that is most of them, `KeyboardInterrupt` if all.

    That is: after Ctrl-C, before the first answer.
    """
    if not answers.rows and not answers.is_whole:
        raise KeyboardInterrupt
    refuse_mostly_broken(data, len(answers.rows), answers.problems)
    return (*asked.rows.problems, *answers.problems)
