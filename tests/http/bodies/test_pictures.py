"""Every way to send a picture gives the same digit."""

import base64
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

Picture = Callable[..., bytes]
PATH = "/predict/digit"
LEFT = np.zeros((28, 28))
LEFT[:, :14] = 1


async def digit(client: httpx.AsyncClient, **request: Any) -> dict[str, Any]:
    response = await client.post(PATH, **request)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    "pixels",
    [
        LEFT,
        LEFT * 255,
        LEFT.reshape(784),
        LEFT.reshape(784) * 255,
        LEFT * 0.3,
        LEFT.astype(int),
        (LEFT * 255).astype(int),
    ],
    ids=["28×28", "0–255", "784", "784 of 0–255", "faint", "whole numbers 0 and 1", "whole numbers to 255"],
)
async def test_pixels_of_one_picture(client: httpx.AsyncClient, pixels: np.ndarray) -> None:
    answer = await digit(client, json={"pixels": pixels.tolist()})
    assert answer["digit"] == 1
    assert len(answer["probabilities"]) == 10
    assert answer["score"] == max(answer["probabilities"])
    assert (answer["model"], answer["version"]) == ("digit", 1)


async def test_levels_to_255_are_the_same_as_levels_to_1(client: httpx.AsyncClient) -> None:
    answers = [await digit(client, json={"pixels": pixels.tolist()}) for pixels in (LEFT, LEFT * 255)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 784)])
async def test_pixels_of_many_pictures_come_back_in_order(client: httpx.AsyncClient, shape: tuple[int, ...]) -> None:
    pictures = np.stack([LEFT, LEFT[:, ::-1]]).reshape(shape)
    answer = await digit(client, json={"pixels": pictures.tolist()})
    assert [reading["digit"] for reading in answer["predictions"]] == [1, 7]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
@pytest.mark.parametrize("expected", [1, 7])
async def test_a_file_as_the_body(client: httpx.AsyncClient, picture: Picture, kind: str, expected: int) -> None:
    data = picture(kind, expected)
    for media_type in (f"image/{kind.lower()}", "application/octet-stream", "image/*", "", "IMAGE/" + kind + "; q=1"):
        answer = await digit(client, content=data, headers={"content-type": media_type})
        assert answer["digit"] == expected


async def test_a_file_in_base64_with_and_without_the_head_of_a_data_url(
    client: httpx.AsyncClient, picture: Picture
) -> None:
    text = base64.b64encode(picture()).decode()
    for image in (text, f"data:image/png;base64,{text}"):
        assert (await digit(client, json={"image": image}))["digit"] == 1


async def test_many_files_in_base64(client: httpx.AsyncClient, picture: Picture) -> None:
    images = [base64.b64encode(picture(kind, expected)).decode() for kind, expected in (("PNG", 7), ("JPEG", 1))]
    answer = await digit(client, json={"images": images})
    assert [reading["digit"] for reading in answer["predictions"]] == [7, 1]


async def test_one_file_in_a_form_has_one_answer_and_many_have_a_list(
    client: httpx.AsyncClient, picture: Picture
) -> None:
    one = await digit(client, files={"file": ("seven.png", picture("PNG", 7), "image/png")}, data={"note": "x"})
    assert one["digit"] == 7
    files = [("file", (f"{expected}.jpg", picture("JPEG", expected), "image/jpeg; x=y")) for expected in (1, 7, 1)]
    many = await digit(client, files=files)
    assert [reading["digit"] for reading in many["predictions"]] == [1, 7, 1]


async def test_a_file_in_a_form_need_not_say_what_it_is(client: httpx.AsyncClient, picture: Picture) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + picture() + b"\r\n--x--\r\n"
    answer = await digit(client, content=body, headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer["digit"] == 1
