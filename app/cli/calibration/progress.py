"""What a calibration's progress bar shows."""

from types import TracebackType
from typing import Self

from app.progress_bar import ProgressBar

STEPS = 200


class Progress:
    """Shows what is done now, and how much of the timing has passed."""

    def __init__(self) -> None:
        self._bar = ProgressBar(STEPS, show_pos=False, show_eta=False)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it as it stands, full where nothing went wrong."""
        if kind is None:
            self.told("measured", 1.0)
        self._bar.__exit__(kind, error, traceback)

    def told(self, what: str, share: float) -> None:
        """What is done now, and how much of the timing is over, from 0 to 1."""
        self._bar.move_to(int(share * STEPS))
        self._bar.name(what.ljust(26))
