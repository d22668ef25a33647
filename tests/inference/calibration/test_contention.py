"""How long the measuring thread had to wait for a core."""

import pytest

from app.inference.calibration.contention import Contention


def test_the_share_is_what_was_waited_since_it_was_made(tmp_path):
    source = tmp_path / "schedstat"
    source.write_text("1000 500 7\n")
    contention = Contention(source)
    assert contention.share() == 0
    source.write_text("4000 1500 9\n")
    assert contention.share() == 0.25


@pytest.mark.parametrize("text", [None, "", "ran waited"])
def test_where_nobody_counts_there_is_none(tmp_path, text):
    source = tmp_path / "schedstat"
    if text is not None:
        source.write_text(text)
    assert Contention(source).share() is None
