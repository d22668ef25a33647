"""What a run has reached, on disk after every epoch and where it was interrupted."""

import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scripts.training.checkpoint import write_whole

PROGRESS, BEST = "progress.json", "best.npz"

SPARSITY = "sparsity"
"""The figure of an epoch that says which share of the weights was zero, where weights are pruned."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The finished epochs' figures and seconds, and where to go on from.

    `learning_seconds` are those of the training steps alone, `epoch_seconds` include validation and saving. `state`
    names the checkpoint; `steps` counts what it has done of the epoch after the last finished one, in `step_seconds`.
    """

    epochs: tuple[dict[str, float], ...] = ()
    epoch_seconds: tuple[float, ...] = ()
    learning_seconds: tuple[float, ...] = ()
    state: str = ""
    steps: int = 0
    step_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """All the time that the run has taken so far, pauses left out."""
        return sum(self.epoch_seconds) + self.step_seconds

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss; 0 before the first.

        Where weights are pruned, only the epochs of the largest share so far count.
        """
        ranks = [(-epoch.get(SPARSITY, 0.0), epoch["val_loss"]) for epoch in self.epochs]
        return ranks.index(min(ranks)) + 1 if ranks else 0

    def has_stalled(self, patience: int) -> bool:
        """Whether the last `patience` epochs were no better than one before."""
        return len(self.epochs) - self.best_epoch >= patience

    def pace(self, rows: int) -> dict[str, float]:
        """The middle epoch's seconds, and how many of the `rows` of training a second of its steps has learnt from."""
        if not self.epochs:
            return {}
        return {
            "seconds_per_epoch": round(statistics.median(self.epoch_seconds), 2),
            "examples_per_second": round(rows / max(statistics.median(self.learning_seconds), 1e-9), 1),
        }


def read_progress(folder: Path) -> Progress:
    """What stands in the run's folder; nothing where it has not saved anything yet."""
    path = folder / PROGRESS
    if not path.is_file():
        return Progress()
    content = json.loads(path.read_text(encoding="utf-8"))
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
    return Progress(**values)


def write_progress(folder: Path, progress: Progress) -> None:
    """Replace what stands in the run's folder in one step; raises `RunNotSaved` where it cannot be written."""
    text = json.dumps(asdict(progress), indent=2)
    write_whole(folder / PROGRESS, lambda file: file.write(text.encode()))
