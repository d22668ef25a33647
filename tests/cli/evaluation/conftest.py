"""Tiny models opened as the server opens them, and rows to ask them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.cli.evaluation.rows import Wanted
from app.cli.evaluation.served import Served, open_served
from app.cli.evaluation.session import Evaluation, run_evaluation

REVIEWS = "text,label\ngood film,positive\nbad film,negative\ngood good,positive\nfilm,positive\nbad,positive\n"


@pytest.fixture
def opened(tiny_models: Path) -> Iterator[Callable[..., Served]]:
    """Opens a version of the tiny models; closed after the test."""
    with ExitStack() as stack:
        yield lambda model, runtime=None: stack.enter_context(open_served(tiny_models, model, runtime))


@pytest.fixture
def reviews(write: Callable[..., Path]) -> Path:
    """Five reviews, of which the tiny model has three right and takes no side on one."""
    return write("d/reviews.csv", REVIEWS)


@pytest.fixture
def evaluation(tiny_models: Path, reviews: Path) -> Evaluation:
    """What the tiny model makes of them."""
    return run_evaluation(tiny_models, "sentiment", Wanted(reviews), None)
