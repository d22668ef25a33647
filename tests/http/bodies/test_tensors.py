"""Tensors by name, or without one where there is one input."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
RIGHT = {"left": [[1, 2]], "right": [[3, 4]], "count": [5]}


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"left": [[1, 2], [3, 4]]}, "the same number of rows in every input"),
        ({"left": [[1, 2, 3]]}, "/inputs/left: expected [-1, 2] float32; received [1, 3] float32"),
        ({"left": [1, 2]}, "/inputs/left: expected [-1, 2] float32"),
        ({"left": 5}, "/inputs/left: expected [-1, 2] float32"),
        ({"left": [[1, [2]]]}, "/inputs/left: expected lists of equal length"),
        ({"left": [["a", "b"]]}, "/inputs/left: expected numbers; received strings"),
        ({"left": [[1e39, 0]]}, "/inputs/left: expected float32 up to 3.4e+38"),
        ({"count": [0.5]}, "/inputs/count: expected whole numbers (int32); received fractions"),
        ({"count": [2**31]}, "/inputs/count: expected int32 from -2147483648 to 2147483647"),
        ({"count": []}, "the same number of rows in every input"),
        ({"more": [1]}, "an input 'more'"),
    ],
)
async def test_what_does_not_fit_the_signature_is_named(
    client: httpx.AsyncClient, change: dict[str, Any], detail: str
) -> None:
    response = await client.post("/predict/adder", json={"inputs": {**RIGHT, **change}})
    assert response.status_code == 422
    assert detail in response.json()["detail"]


async def test_no_row_and_too_many_rows_are_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/adder", json={"inputs": {"left": [[]], "right": [[]], "count": []}})
    assert response.status_code == 422
    inputs = {name: row * 1025 for name, row in RIGHT.items()}
    response = await client.post("/predict/adder", json={"inputs": inputs})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


async def test_whole_numbers_written_with_a_point_are_whole_numbers(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/adder", json={"inputs": {**RIGHT, "count": [7.0]}})
    assert response.json()["predictions"] == [{"outputs": {"sum": [4.0, 6.0], "tripled": 21}}]


async def test_rows_without_a_name_are_those_of_the_only_input(serving: Serving, held: Any) -> None:
    async with serving() as client:
        held.serve_in(client.app)
        held.release.set()
        for inputs in ([1, 2], {"value": [1, 2]}):
            response = await client.post("/predict/held", json={"inputs": inputs})
            assert [row["outputs"]["value"] for row in response.json()["predictions"]] == [1.0, 2.0]
