"""The soak on a real server, for seconds."""

from scripts.benchmark.soak.callers import Load
from scripts.soak import soak


def test_a_real_server_gives_only_answers_that_were_due(tiny_models):
    outcome = soak(tiny_models, workers=1, seconds=3.0, load=Load(callers=2, burst_requests=2, burst_every_seconds=1.0))
    assert not outcome.unexpected
    assert outcome.statuses.total() > 0
    assert all(size > 0 for size in outcome.memory_mib)
