"""What the soak sends."""

import json

from scripts.benchmark.soak.exchanges import BURST_TEXTS, OVERSIZED_BYTES, burst_exchange, mixed_exchanges


def test_every_kind_has_a_name_of_its_own():
    names = [exchange.name for exchange in mixed_exchanges()]
    assert len(names) == len(set(names))


def test_right_wrong_oversized_leaving_and_watching_clients_are_among_them():
    by_name = {exchange.name: exchange for exchange in mixed_exchanges()}
    assert 200 in by_name["short text"].expected
    assert by_name["no JSON"].expected == {400, 429}
    assert len(by_name["oversized"].content) == OVERSIZED_BYTES
    assert by_name["leaving client"].leaves
    assert by_name["metrics"].method == "GET"


def test_monitors_are_never_refused():
    assert all(exchange.expected == {200} for exchange in mixed_exchanges() if exchange.method == "GET")


def test_a_burst_brings_many_texts_at_once():
    assert len(json.loads(burst_exchange().content)["texts"]) == BURST_TEXTS
