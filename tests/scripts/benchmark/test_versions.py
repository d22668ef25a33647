"""Which version is measured."""

import pytest

from app.bench.errors import BenchInvalid
from scripts.benchmark.versions import newest_version


def test_the_newest_version_by_number_is_taken(tmp_path):
    for version in ("2", "10", "9", "draft"):
        (tmp_path / "sentiment" / version).mkdir(parents=True)
    assert newest_version(tmp_path, "sentiment") == tmp_path / "sentiment" / "10"


@pytest.mark.parametrize("models", ["empty", "absent"])
def test_a_model_without_a_version_is_named(tmp_path, models):
    (tmp_path / "empty" / "sentiment").mkdir(parents=True)
    with pytest.raises(BenchInvalid, match=r"expected .*sentiment with a version folder"):
        newest_version(tmp_path / models, "sentiment")
