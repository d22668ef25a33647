"""The callers of a soak, on a server that answers whatever it is told to."""

import pytest

from scripts.benchmark.soak.callers import Load, Soak
from scripts.benchmark.soak.exchanges import BURST_TEXTS


def soak_of(origin: str, **changes) -> Soak:
    load = Load(callers=2, burst_requests=3, burst_every_seconds=0.2)
    values = {"seconds": 1.0, "warmup_seconds": 0.1, "sample_every_seconds": 0.1, "memory_mib": lambda: 50.0}
    return Soak(origin, load=load, **{**values, **changes})


async def test_the_mix_is_sent_and_every_answer_counted(serve):
    server, script = serve(lambda path, body: (200, {}, b"{}"))
    outcome = await soak_of(server.origin).run()
    answered = sum(count for (_, status), count in outcome.statuses.items() if status == 200)
    assert 0 < answered <= len(script.asked)
    assert outcome.memory_mib
    assert set(outcome.memory_mib) == {50.0}


async def test_bursts_come_beside_the_mix(serve):
    server, script = serve()
    outcome = await soak_of(server.origin).run()
    bursts = [body for _, _, body in script.asked if body.count(b"This movie") == BURST_TEXTS]
    assert len(bursts) == outcome.statuses["burst", 200] >= 3


async def test_a_wrong_answer_is_unexpected(serve):
    server, _ = serve(lambda path, body: (500, {}, b""))
    outcome = await soak_of(server.origin).run()
    assert any("status 500" in what for what in outcome.unexpected)


async def test_a_server_that_is_gone_is_unexpected_and_ends_nobody():
    outcome = await soak_of("http://127.0.0.1:1").run()
    assert any("ConnectError" in what for what in outcome.unexpected)


@pytest.mark.parametrize("seconds", [0.05, 0.3])
async def test_memory_is_sampled_at_least_once(serve, seconds):
    outcome = await soak_of(serve()[0].origin, seconds=seconds, warmup_seconds=0.2).run()
    assert outcome.memory_mib
