"""The benchmark reads wrk's report as wrk writes it."""

import pytest

from scripts.benchmark.load import parse

REPORT = """Running 3s test @ http://127.0.0.1:8000/predict/sentiment
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.10ms    2.28ms  38.31ms   88.52%
    Req/Sec     6.35k   512.00     7.10k    70.00%
  Latency Distribution
     50%    4.72ms
     75%    5.61ms
     90%  700.00us
     99%    1.26s
  18966 requests in 3.00s, 5.41MB read
Requests/sec:   6321.87
Transfer/sec:      1.80MB
"""


def test_rate_latencies_and_cpu_time_per_request_are_read() -> None:
    run = parse(REPORT, cpu_seconds=6.0)
    assert (run.rate, run.p50_ms, run.p99_ms, run.errors) == (6321.87, 4.72, 1260.0, 0)
    assert run.cpu_us == pytest.approx(6e6 / 18966)


def test_refusals_and_broken_connections_count_as_errors() -> None:
    report = REPORT.replace(
        "Requests/sec",
        "  Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 7\nRequests/sec",
    )
    assert parse(report, cpu_seconds=1.0).errors == 13


def test_a_report_that_wrk_did_not_finish_ends_with_its_own_words() -> None:
    with pytest.raises(SystemExit, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused", cpu_seconds=0.0)
