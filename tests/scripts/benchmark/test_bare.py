"""What a request costs with nothing around it."""

import httpx

from scripts.benchmark.bare import bare_rows_per_second, empty_exchange, row_cost
from scripts.benchmark.processes import processes_of


def test_an_empty_exchange_answers_with_so_many_bytes_and_ends():
    with empty_exchange(17) as server:
        answer = httpx.post(server.origin + "/predict/sentiment", content=b"{}", trust_env=False)
        assert (answer.status_code, len(answer.content)) == (200, 17)
        assert len(list(processes_of(server.session))) == 1
    assert not list(processes_of(server.session))


def test_a_row_has_a_cost_in_every_batch(tiny_models):
    cost = row_cost(tiny_models / "sentiment" / "1")
    assert cost.model == "sentiment/1"
    assert cost.seconds == min(cost.seconds_by_batch.values()) > 0


def test_rows_per_second_are_those_of_all_processes(tiny_models):
    assert bare_rows_per_second(tiny_models / "sentiment" / "1", batch=4, processes=2, seconds=0.05) > 0
