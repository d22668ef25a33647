"""Two versions of a tiny model on the same rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.comparison.session import Comparison, run_comparison
from app.cli.evaluation.rows import Wanted


@pytest.fixture
def two_versions(tmp_path: Path, build_sentiment: Callable[..., Path]) -> Path:
    """A models folder with a sentiment model, and a second version whose labels are the wrong way round."""
    models = tmp_path / "models"
    build_sentiment(models)
    build_sentiment(models, version=2, labels=["positive", "negative"])
    return models


@pytest.fixture
def reviews(write: Callable[..., Path]) -> Path:
    """Four reviews, of which the first version has three right."""
    return write("d/reviews.csv", "text,label\ngood,positive\nbad,negative\ngood film,positive\nbad bad,positive\n")


@pytest.fixture
def comparison(two_versions: Path, reviews: Path) -> Comparison:
    """The first version beside the second, which has one row of the four right."""
    return run_comparison(two_versions, ("sentiment/1", "sentiment/2"), Wanted(reviews), None)
