"""The aims that the side-by-side runs are held to; a peer that was left out leaves its lines open."""

from collections.abc import Iterator, Sequence

from scripts.benchmark.contenders import CONTENDERS, MOSEC, TUTORIAL
from scripts.benchmark.result import Aim, at_least, at_most, median_ratio
from scripts.benchmark.sections.measured import Measured

AGAINST_BEST = 1.6
AGAINST_OTHERS = 5.0
P50_SHARE = 1 / 6
CPU_SHARE = 0.8
BUSY = (32, 128)
"""The numbers of connections at which throughput is compared."""


def aims_of(measured: Sequence[Measured]) -> list[Aim]:
    """Ours, which is the first, against the peers; the tutorial's service is no peer."""
    ours, *others = measured
    peers = [one for one in others if one.name != TUTORIAL.name]
    if not peers:
        return []
    return [*_against_best(ours, peers), *_against_others(ours, peers), *_latency(ours, peers), *_cpu(ours, peers)]


def _against_best(ours: Measured, peers: Sequence[Measured]) -> Iterator[Aim]:
    """Throughput against the fastest peer of each round."""
    for connections in BUSY:
        best = [max(rates) for rates in zip(*(peer.each(connections, "rate") for peer in peers), strict=True)]
        ratio = median_ratio(ours.each(connections, "rate"), best)
        what = f"requests/s at {connections} connections, against the best peer of the round"
        yield at_least(what, ratio, AGAINST_BEST, _errors([ours, *peers], connections))


def _against_others(ours: Measured, peers: Sequence[Measured]) -> Iterator[Aim]:
    """Throughput against every other peer, at its best number of connections."""
    by_name = {peer.name: peer for peer in peers}
    for contender in CONTENDERS.values():
        if contender in (MOSEC, TUTORIAL):
            continue
        what = f"requests/s against {contender.name}, the lower of {BUSY[0]} and {BUSY[1]} connections"
        peer = by_name.get(contender.name)
        if peer is None:
            yield Aim(what, f"≥ {AGAINST_OTHERS:g}", "–", None)
            continue
        ratio = min(median_ratio(ours.each(count, "rate"), peer.each(count, "rate")) for count in BUSY)
        yield at_least(what, ratio, AGAINST_OTHERS, _errors([ours, peer], *BUSY))


def _latency(ours: Measured, peers: Sequence[Measured]) -> Iterator[Aim]:
    """Latencies against the lowest of any peer, be it the fastest or not."""
    for connections, figure, bound in ((1, "p50_ms", P50_SHARE), (32, "p99_ms", 1.0)):
        own = ours.median(connections, figure)
        lowest = min(peer.median(connections, figure) for peer in peers)
        what = f"{figure[:3]} at {connections} connection{'s' if connections > 1 else ''}, against the lowest peer's"
        detail = f"{own:.2f} / {lowest:.2f} ms"
        yield at_most(what, own / lowest if lowest else 0.0, bound, _errors([ours, *peers], connections), detail)


def _cpu(ours: Measured, peers: Sequence[Measured]) -> Iterator[Aim]:
    """CPU time per request against mosec's."""
    what = f"CPU time per request at 32 connections, against {MOSEC.name}'s"
    peer = next((one for one in peers if one.name == MOSEC.name), None)
    if peer is None:
        yield Aim(what, f"≤ {CPU_SHARE:g}", "–", None)
        return
    ratio = median_ratio(ours.each(32, "cpu_us"), peer.each(32, "cpu_us"))
    detail = f"{ours.median(32, 'cpu_us'):.0f} / {peer.median(32, 'cpu_us'):.0f} µs"
    yield at_most(what, ratio, CPU_SHARE, _errors([ours, peer], 32), detail)


def _errors(measured: Sequence[Measured], *connections: int) -> int:
    """What failed in the runs that a line rests on."""
    return sum(one.errors(*connections) for one in measured)
