"""Closed-loop load over gRPC by grpcio's own client, on four connections.

The client is Python, and takes as much of the processor as a server: of what it measures, the server's CPU time per
answer may stand beside another protocol's, the rate may not.
"""

import asyncio
import time
from dataclasses import dataclass, field

import grpc
import numpy as np

from scripts.benchmark.processes import Server
from scripts.benchmark.wrk import TIMEOUT_SECONDS, Run

INFER = "/inference.GRPCInferenceService/ModelInfer"
CHANNELS = 4
OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]


@dataclass(slots=True)
class _Count:
    """What was answered, in seconds each, and what failed."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0


def run_grpc(server: Server, address: str, message: bytes, callers: int, seconds: float) -> Run:
    """Load the server once: so many callers, each of which asks again as soon as it is answered."""
    count = _Count()
    before, started = server.cpu_seconds(), time.monotonic()
    asyncio.run(_load(address, message, callers, started + seconds, count))
    spent, elapsed = server.cpu_seconds() - before, time.monotonic() - started
    answered = len(count.seconds)
    p50, p99 = (1e3 * float(np.percentile(count.seconds or [0.0], share)) for share in (50, 99))
    return Run(answered / elapsed, p50, p99, 1e6 * spent / max(answered, 1), count.errors or int(not answered))


async def _load(address: str, message: bytes, callers: int, until: float, count: _Count) -> None:
    """All callers, spread over the connections."""
    channels = [grpc.aio.insecure_channel(address, OWN_CONNECTION) for _ in range(CHANNELS)]
    try:
        calls = [channel.unary_unary(INFER) for channel in channels]
        await asyncio.gather(*(_ask(calls[place % CHANNELS], message, until, count) for place in range(callers)))
    finally:
        for channel in channels:
            await channel.close()


async def _ask(call: "grpc.aio.UnaryUnaryMultiCallable", message: bytes, until: float, count: _Count) -> None:
    """One caller; the messages go out and come in as bytes."""
    while (now := time.monotonic()) < until:
        try:
            await call(message, timeout=TIMEOUT_SECONDS)
            count.seconds.append(time.monotonic() - now)
        except grpc.aio.AioRpcError:
            count.errors += 1
            await asyncio.sleep(0)
