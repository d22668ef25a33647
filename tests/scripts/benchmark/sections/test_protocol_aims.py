"""The aims of the section on protocols are held to what was measured."""

import pytest

from scripts.benchmark.sections.protocol_aims import aims_of


@pytest.fixture
def runs(run_of):
    """Two rounds: JSON at 100/s, bytes at 300/s and gRPC at as much CPU, a large tensor at 40/s, MLServer at 10/s."""
    rates = {"json": 100, "binary": 300, "grpc": 50, "large_in": 40, "mlserver_json": 10}
    return {name: [run_of(rate=rate, cpu=600 if name == "mlserver_json" else 300)] * 2 for name, rate in rates.items()}


def test_each_aim_is_held_to_its_own_figures(runs):
    binary, grpc, large, mlserver, quickest, *kserve = aims_of(runs)
    assert (binary.measured, binary.holds) == ("3.00", True)
    assert (grpc.measured, grpc.holds) == ("1.00", True)
    assert (large.measured, large.holds) == ("640.00", True)
    assert (mlserver.measured, mlserver.holds) == ("10.00 (2.0 by CPU time per request)", True)
    assert (quickest.measured, quickest.holds) == ("30.00 (2.0 by CPU time per request)", True)
    assert [(aim.measured, aim.holds) for aim in kserve] == [("not measured", None)] * 2


def test_grpc_that_takes_more_of_the_processor_misses_its_aim(runs, run_of):
    runs["grpc"] = [run_of(cpu=480)] * 2
    assert (aims_of(runs)[1].measured, aims_of(runs)[1].holds) == ("0.62", False)


def test_with_errors_no_aim_is_reached(runs, run_of):
    runs["binary"] = [run_of(rate=300, errors=1)] * 2
    runs["large_in"] = [run_of(rate=40, errors=1)] * 2
    assert [aim.holds for aim in aims_of(runs)] == [False, False, False, True, False, None, None]
