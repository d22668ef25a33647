"""A model asked in this process, by the code that serves it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.evaluation.answering import Answered, answer, answer_rows
from app.cli.evaluation.served import Served, open_served
from app.cli.prediction.model import Failed, Model, Told
from app.errors import HorngateError, RequestInvalid
from app.settings import Settings
from app.types import Array
from app.validation import check_tensors, check_text

MOST_CHARACTERS: int = Settings.model_fields["max_text_characters"].default


@contextmanager
def open_local(models: Path, wanted: str) -> Iterator["LocalAsker"]:
    """Open the version that is `wanted` as the server does; closed at the end. Raises as `open_served`."""
    with open_served(models, wanted, None, needs_labels=False) as served:
        yield LocalAsker(served)


@dataclass(frozen=True, slots=True)
class LocalAsker:
    """Asks an open version; what a server refuses with the default settings is refused here too."""

    served: Served

    @property
    def model(self) -> Model:
        """The version."""
        served = self.served
        return Model(
            name=served.folder.name,
            version=served.folder.version,
            task=served.manifest.task,
            inputs=served.signature.inputs,
            outputs=served.signature.outputs,
            labels=served.labels,
            runtime=served.running.runtime,
        )

    def ask(self, inputs: Sequence[Any]) -> list[Told]:
        """A prediction for each input, or why it has none."""
        if self.model.kind == "tensors":
            return [_told(one) for one in self._ask_tensors(inputs)]
        refusals = [_refusal(text) if self.model.kind == "text" else None for text in inputs]
        good = [_as_task_takes(item) for item, refused in zip(inputs, refusals, strict=True) if refused is None]
        answers = iter(answer(self.served, good) if good else ())
        return [_told(next(answers)) if refused is None else refused for refused in refusals]

    def _ask_tensors(self, rows: Sequence[Mapping[str, Any]]) -> list[Answered]:
        """The same for rows of tensors; where they do not fit together, each by itself."""
        served = self.served
        try:
            columns = {name: [row.get(name) for row in rows] for name in rows[0]}
            tensors = check_tensors(columns, served.signature)
        except RequestInvalid as error:
            return [error] if len(rows) == 1 else [told for row in rows for told in self._ask_tensors([row])]
        return answer_rows(served, served.task.preprocess([tensors]))


def _refusal(text: str) -> Failed | None:
    """Why a server would not take a text."""
    try:
        check_text(text, "text", MOST_CHARACTERS)
    except RequestInvalid as error:
        return Failed(str(error))
    return None


def _as_task_takes(item: Any) -> Any:
    """Pixels as grey levels of 8 bits, as the labelled ones are; anything else as it is."""
    if not isinstance(item, np.ndarray):
        return item
    levels: Array = item * (255.0 if item.max() <= 1 else 1.0)
    return levels


def _told(answered: Answered) -> Told:
    """A prediction, or the reason of an error."""
    return Failed(str(answered)) if isinstance(answered, HorngateError) else answered
