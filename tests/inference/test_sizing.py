"""How many rows make a batch, and which run on the event loop."""

import pytest

from app.inference.sizing import INLINE_SECONDS, LONGEST_BATCH, SHORT_ROWS, Size, Sizing


def test_nothing_measured_runs_beside_the_event_loop():
    assert Sizing(8).of(1) == Size(8, 0)
    assert not Sizing(8).runs_inline


@pytest.mark.parametrize(
    ("batch_rows", "cells", "rows"),
    [(32, 100, 32), (32, 50, 64), (32, 40, 80), (32, 1, 128), (32, 400, 32), (2, 100, 2), (2, 10, 20), (2, 1, 64)],
)
def test_short_rows_fill_larger_batches_up_to_a_bound_and_longer_ones_no_smaller(batch_rows, cells, rows):
    assert Sizing(batch_rows, 100).of(cells).rows == rows
    assert rows <= max(LONGEST_BATCH * batch_rows, SHORT_ROWS)


@pytest.mark.parametrize(
    ("seconds", "inline_rows"),
    [
        ({1: INLINE_SECONDS}, 0),
        ({1: INLINE_SECONDS / 2}, 1),
        ({1: INLINE_SECONDS / 1.5}, 1),
        ({1: INLINE_SECONDS / 10, 8: INLINE_SECONDS}, 7),
        ({1: INLINE_SECONDS / 4, 4: INLINE_SECONDS / 2, 8: 1.5 * INLINE_SECONDS}, 5),
        ({8: INLINE_SECONDS / 2}, 15),
    ],
)
def test_a_batch_runs_on_the_event_loop_where_it_is_measured_or_reckoned_to_be_quick(seconds, inline_rows):
    sizing = Sizing(16, seconds=seconds)
    assert sizing.of(1).inline_rows == inline_rows
    assert sizing.runs_inline is (inline_rows > 0)


def test_rows_of_half_the_size_are_reckoned_to_take_half_the_time():
    sizing = Sizing(8, 100, {8: 1.5 * INLINE_SECONDS})
    assert sizing.of(100).inline_rows == 5
    assert sizing.of(50).inline_rows == 10
    assert sizing.of(200).inline_rows == 2


def test_a_batch_does_not_outgrow_the_event_loop_where_a_good_one_can_stay_there():
    sizing = Sizing(8, 100, {8: 1.5 * INLINE_SECONDS})
    assert sizing.of(50).rows == 10
    assert sizing.of(100).rows == 8
