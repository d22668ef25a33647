"""What the side-by-side runs are held to."""

from scripts.benchmark.sections.side_by_side_aims import aims_of

PEERS = ("mosec", "MLServer", "LitServe", "BentoML", "Ray Serve")


def holding(aims):
    return {aim.what: aim.holds for aim in aims}


def test_a_server_that_is_ahead_in_all_reaches_every_aim(measured_of):
    ours = measured_of("Horngate", rate=500, p50=0.1, p99=1.9, cpu=200)
    aims = aims_of([ours, *(measured_of(name) for name in PEERS)])
    assert len(aims) == 9
    assert all(aim.holds for aim in aims)


def test_the_best_peer_is_the_fastest_of_each_round(measured_of, run_of):
    ours, first, second = measured_of("Horngate", rate=160), measured_of("mosec"), measured_of("LitServe")
    first.runs[32] = [run_of(rate=rate) for rate in (100, 20, 20)]
    second.runs[32] = [run_of(rate=rate) for rate in (20, 20, 100)]
    by_what = {aim.what: aim for aim in aims_of([ours, first, second])}
    assert by_what["requests/s at 32 connections, against the best peer of the round"].measured == "1.60"


def test_the_tutorials_service_is_no_peer(measured_of):
    ours = measured_of("Horngate")
    assert aims_of([ours, measured_of("FastAPI + TensorFlow")]) == []
    aims = aims_of([ours, measured_of("mosec", rate=10), measured_of("FastAPI + TensorFlow", rate=1000)])
    assert aims[0].measured == "10.00"


def test_a_peer_that_was_left_out_leaves_its_lines_open(measured_of):
    aims = holding(aims_of([measured_of("Horngate"), measured_of("MLServer", rate=1)]))
    assert aims["requests/s against MLServer, the lower of 32 and 128 connections"] is True
    assert aims["requests/s against Ray Serve, the lower of 32 and 128 connections"] is None
    assert aims["CPU time per request at 32 connections, against mosec's"] is None


def test_latencies_are_compared_with_the_lowest_of_any_peer(measured_of):
    peers = [measured_of("mosec", p50=5.0, p99=9.0), measured_of("LitServe", p50=3.0, p99=70.0)]
    aims = {aim.what: aim for aim in aims_of([measured_of("Horngate", p50=0.6, p99=9.0), *peers])}
    assert aims["p50 at 1 connection, against the lowest peer's"].measured == "0.20 (0.60 / 3.00 ms)"
    assert aims["p99 at 32 connections, against the lowest peer's"].holds is True


def test_errors_of_either_side_make_a_line_invalid(measured_of):
    aims = aims_of([measured_of("Horngate", rate=900), measured_of("mosec", errors=1)])
    assert aims[0].measured == "9.00; invalid: 3 errors"
    assert aims[0].holds is False
