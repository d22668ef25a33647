"""Texts as JSON, in any script, of any declared or undeclared type."""

import json

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON", ""])
async def test_json_may_be_declared_in_any_usual_way_or_not_at_all(client: httpx.AsyncClient, media_type: str) -> None:
    content = '{"text": "电影 好 ！"}'.encode()
    response = await client.post("/predict/sentiment", content=content, headers={"content-type": media_type})
    assert response.json()["label"] == "positive"


@pytest.mark.parametrize("text", ["坏", "\\u574f", "bad \\ud83d\\ude00", "bad \\u0000", "\\n bad"])
async def test_every_spelling_of_a_character_is_read(client: httpx.AsyncClient, text: str) -> None:
    response = await client.post("/predict/sentiment", content=f'{{"text": "{text}"}}'.encode())
    assert response.json()["label"] == "negative"


async def test_a_text_of_the_longest_length_is_read(client: httpx.AsyncClient) -> None:
    text = "good " * 20_000
    assert len(text) == 100_000
    assert (await client.post("/predict/topic", json={"text": text})).status_code == 200


async def test_the_most_texts_of_one_request_are_answered(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/topic", json={"texts": ["goal"] * 1024})
    assert [prediction["label"] for prediction in response.json()["predictions"]] == ["Sports"] * 1024


async def test_a_text_without_a_known_word_still_has_an_answer(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/sentiment", content=json.dumps({"text": "\U0001f600"}))
    assert response.json()["label"] == "neutral"


async def test_null_is_as_good_as_absent(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/sentiment", json={"text": "good", "texts": None})
    assert response.json()["label"] == "positive"
