"""Nothing a client sends gives a 500, a hang or a stack trace; each mistake has its status, code and message."""

import base64
import io
import json
import resource
import struct
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
Picture = Callable[..., bytes]

JSON = {"content-type": "application/json"}
SENTIMENT, DIGIT, ADDER = "/predict/sentiment", "/predict/digit", "/predict/adder"


@dataclass(frozen=True)
class Case:
    """A request, and the answer that it must have."""

    name: str
    path: str
    content: bytes
    status: int
    code: str
    detail: str
    content_type: str = "application/json"


def text(value: object) -> bytes:
    return json.dumps({"text": value}).encode()


def pixels(value: object) -> bytes:
    return json.dumps({"pixels": value}).encode()


def png(width: int, height: int, *, bits: int = 8, data: bytes | None = None, exif: bytes = b"") -> bytes:
    """A grey PNG whose header promises a size; without `data` its pixels are black, compressed."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    line = bytes(1 + (width * bits + 7) // 8)
    content = zlib.compress(line * height, 9) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), *([chunk(b"eXIf", exif)] if exif else [])]
    return b"".join([b"\x89PNG\r\n\x1a\n", *chunks, chunk(b"IDAT", content), chunk(b"IEND", b"")])


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8), 255).save(file, "JPEG")
    return file.getvalue()


def form(data: bytes, media_type: str = "image/png", name: str = "file") -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="digit.png"\r\n'
    return head.encode() + f"Content-Type: {media_type}\r\n\r\n".encode() + data + b"\r\n--x--\r\n"


def base64_body(data: bytes) -> bytes:
    return json.dumps({"image": base64.b64encode(data).decode()}).encode()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
FORM = "multipart/form-data; boundary=x"
NESTED = b"[" * 10_000 + b"]" * 10_000

CASES = [
    # not JSON
    Case("empty body", SENTIMENT, b"", 400, "body_malformed", "expected JSON; EOF while parsing"),
    Case("not JSON", SENTIMENT, b"good film", 400, "body_malformed", "expected JSON; expected value at line 1"),
    Case("cut short", SENTIMENT, b'{"text": "go', 400, "body_malformed", "expected JSON; EOF while parsing a string"),
    Case("not UTF-8", SENTIMENT, b'{"text": "\xff"}', 400, "body_malformed", "expected JSON; invalid unicode"),
    Case("half a surrogate", SENTIMENT, b'{"text": "\\ud800"}', 400, "body_malformed", "expected JSON"),
    Case("10,000 levels", SENTIMENT, b'{"text":' + NESTED + b"}", 400, "body_malformed", "recursion limit exceeded"),
    Case("5,000 digits", DIGIT, b'{"pixels": [' + b"9" * 5000 + b"]}", 400, "body_malformed", "number out of range"),
    # wrong JSON
    Case("a list", SENTIMENT, b"[1]", 422, "input_invalid", "expected a JSON object; received a list of 1"),
    Case("null", SENTIMENT, b"null", 422, "input_invalid", "expected a JSON object; received null"),
    Case("neither field", SENTIMENT, b"{}", 422, "input_invalid", "exactly one of text, texts; received none of them"),
    Case("both fields", SENTIMENT, b'{"text":"a","texts":["a"]}', 422, "input_invalid", "received text, texts"),
    Case("one field more", SENTIMENT, b'{"text":"a","a/b":1}', 422, "input_invalid", "/a~1b: expected no other field"),
    # texts
    Case("a number", SENTIMENT, text(7), 422, "input_invalid", "/text: expected a string; received a number"),
    Case("NaN", SENTIMENT, b'{"text": NaN}', 422, "input_invalid", "/text: expected a string; received a number"),
    Case("a truth", SENTIMENT, text(True), 422, "input_invalid", "/text: expected a string; received true or false"),
    Case("an object", SENTIMENT, text({}), 422, "input_invalid", "/text: expected a string; received an object"),
    Case("empty", SENTIMENT, text(""), 422, "input_invalid", "one visible character; received an empty text"),
    Case("blank", SENTIMENT, text(" \n\u3000"), 422, "input_invalid", "received 3 characters of white space"),
    Case("200,000 characters", SENTIMENT, text("good " * 40_000), 413, "too_large", "at most 100,000 characters"),
    Case("10,000 texts", SENTIMENT, json.dumps({"texts": ["a"] * 10_000}).encode(), 413, "too_large", "at most 1,024"),
    Case("no texts", SENTIMENT, b'{"texts": []}', 422, "input_invalid", "/texts: expected at least one item"),
    Case("one is wrong", SENTIMENT, b'{"texts": ["a", 2]}', 422, "input_invalid", "/texts/1: expected a string"),
    Case("one is blank", SENTIMENT, b'{"texts": ["a", " "]}', 422, "input_invalid", "/texts/1: expected a text with"),
    # pixels
    Case("27x28", DIGIT, pixels([[0] * 28] * 27), 422, "input_invalid", "28×28 or 784 numbers; received 27×28 numbers"),
    Case("783", DIGIT, pixels([0] * 783), 422, "input_invalid", "/pixels: expected 28×28 or 784 numbers; received 783"),
    Case("none", DIGIT, pixels([]), 422, "input_invalid", "/pixels: expected 28×28 or 784 numbers; received 0 numbers"),
    Case("ragged", DIGIT, pixels([[0] * 28] * 27 + [[0]]), 422, "input_invalid", "equal length; received ragged lists"),
    Case("NaN pixels", DIGIT, b'{"pixels": [NaN]}', 422, "input_invalid", "finite numbers; received NaN or infinity"),
    Case("1e999", DIGIT, b'{"pixels": [1e999]}', 422, "input_invalid", "finite numbers; received NaN or infinity"),
    Case("strings", DIGIT, pixels(["0"] * 784), 422, "input_invalid", "/pixels: expected numbers; received strings"),
    Case("one null", DIGIT, pixels([0] * 783 + [None]), 422, "input_invalid", "numbers; received null and numbers"),
    Case("truths", DIGIT, pixels([True] * 784), 422, "input_invalid", "expected numbers; received true or false"),
    Case("huge", DIGIT, pixels([10**30] * 784), 422, "input_invalid", "received numbers beyond 64 bits"),
    Case("negative", DIGIT, pixels([-1] * 784), 422, "input_invalid", "0 to 255; received numbers from -1 to -1"),
    Case("256", DIGIT, pixels([256] * 784), 422, "input_invalid", "0 to 255; received numbers from 256 to 256"),
    Case("99 levels", DIGIT, b'{"pixels":' + b"[" * 99 + b"]" * 99 + b"}", 422, "input_invalid", "ragged lists"),
    Case("2,000 pictures", DIGIT, pixels([[0] * 784] * 2000), 413, "too_large", "at most 1,024 inputs"),
    Case("not a list", DIGIT, b'{"pixels": "0"}', 422, "input_invalid", "/pixels: expected a list; received a string"),
    # base64
    Case("bad base64", DIGIT, b'{"image": "***"}', 422, "input_invalid", "/image: expected base64 of an image file"),
    Case("not ASCII", DIGIT, '{"image": "数"}'.encode(), 422, "input_invalid", "/image: expected base64"),
    Case("no image", DIGIT, b'{"image": "aGVsbG8="}', 400, "body_malformed", "/image: expected a PNG, JPEG"),
    Case("second is none", DIGIT, b'{"images": [""]}', 400, "body_malformed", "/images/0: expected a PNG"),
    Case("2,000 images", DIGIT, json.dumps({"images": [""] * 2000}).encode(), 413, "too_large", "at most 1,024 inputs"),
    # image files
    Case("empty PNG", DIGIT, b"", 400, "body_malformed", "the body: expected a PNG", "image/png"),
    Case("cut PNG", DIGIT, png(28, 28)[:45], 400, "body_malformed", "the image is damaged or cut short", "image/png"),
    Case("only a PNG's head", DIGIT, png(28, 28)[:8], 400, "body_malformed", "expected a PNG, JPEG", "image/png"),
    Case("damaged EXIF", DIGIT, png(28, 28, exif=b"MM\0\0"), 400, "body_malformed", "not a TIFF file", "image/png"),
    Case("blank picture", DIGIT, png(28, 28), 422, "input_invalid", "received a blank picture", "image/png"),
    Case("PDF", DIGIT, PDF, 400, "body_malformed", "the body: expected a PNG, JPEG, WebP or BMP image", "image/png"),
    Case("PDF in a form", DIGIT, form(PDF), 400, "body_malformed", "file 1: expected a PNG, JPEG", FORM),
    Case("JPEG as PNG", DIGIT, jpeg(), 400, "body_malformed", "expected image/png, as declared", "image/png"),
    Case("SVG", DIGIT, b"<svg/>", 415, "media_unsupported", "expected one of image/png", "image/svg+xml"),
    # forms
    Case("no boundary", DIGIT, b"x", 400, "body_malformed", "form; Missing boundary", "multipart/form-data"),
    Case("not a form", DIGIT, b"x", 400, "body_malformed", "expected a multipart form", FORM),
    Case("no file", DIGIT, form(PDF, name="other"), 422, "input_invalid", "/file: expected one or more files", FORM),
    Case("a field", DIGIT, b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n--x--', 422,
         "input_invalid", "/file: expected one or more files", FORM),
    # tensors
    Case("a list for three", ADDER, b'{"inputs": [1]}', 422, "input_invalid", "an object with the inputs left, right"),
    Case("an input lacks", ADDER, b'{"inputs": {}}', 422, "input_invalid", "/inputs: expected an input 'left'"),
    Case("unknown input", ADDER, b'{"inputs": {"lefd": []}}', 422, "input_invalid", "did you mean 'left'?"),
    Case("not nested", ADDER, b'{"inputs": 3}', 422, "input_invalid", "/inputs: expected an object; received a number"),
    # media types
    Case("a form for texts", SENTIMENT, b"text=good", 415, "media_unsupported",
         "expected the content type application/json; received application/x-www-form-urlencoded",
         "application/x-www-form-urlencoded"),
    # what the URL names
    Case("unknown model", "/predict/sentimant", text("good"), 404, "model_not_found", "did you mean 'sentiment'?"),
    Case("unlike any model", "/predict/zzz", text("good"), 404, "model_not_found", "served: adder, digit, sentiment"),
    Case("unknown version", f"{SENTIMENT}?version=9", text("good"), 404, "model_not_found", "version 9 of sentiment"),
    Case("unknown label", f"{SENTIMENT}?label=beta", text("good"), 404, "model_not_found", "no label 'beta'"),
    Case("bad version", f"{SENTIMENT}?version=one", text("good"), 422, "input_invalid", "whole number in ?version"),
    Case("version 0", f"{SENTIMENT}?version=0", text("good"), 422, "input_invalid", "whole number in ?version"),
    Case("blank version", f"{SENTIMENT}?version=", text("good"), 422, "input_invalid", "in ?version; received ''"),
    Case("both pins", f"{SENTIMENT}?version=1&label=a", text("good"), 422, "input_invalid", "either ?version or"),
    Case("no such route", "/nope", text("good"), 404, "route_not_found", "there is no POST /nope; GET /docs lists"),
    Case("slash too many", f"{SENTIMENT}/", text("good"), 404, "route_not_found", "there is no POST"),
    Case("not for posting", "/health", text("good"), 405, "method_not_allowed", "there is no POST /health"),
]  # fmt: skip


async def expect_problem(response: httpx.Response, status: int, code: str, detail: str) -> None:
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert detail in problem["detail"], problem["detail"]
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["type"] == f"urn:horngate:problem:{code}"
    assert problem["request_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text


async def expect_service(client: httpx.AsyncClient) -> None:
    response = await client.post(SENTIMENT, json={"text": "good"})
    assert response.json()["label"] == "positive"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_mistake_has_its_status_its_code_and_its_message(client: httpx.AsyncClient, case: Case) -> None:
    response = await client.post(case.path, content=case.content, headers={"content-type": case.content_type})
    await expect_problem(response, case.status, case.code, case.detail)
    await expect_service(client)


@pytest.mark.parametrize("given", ["0", "-5", "1.5", "soon", "٣", "9" * 19, " "])
async def test_a_timeout_that_is_no_positive_whole_number_is_refused(client: httpx.AsyncClient, given: str) -> None:
    headers = {"X-Request-Timeout-Ms": given.encode()}
    response = await client.post(SENTIMENT, json={"text": "good"}, headers=headers)
    await expect_problem(response, 422, "input_invalid", "expected a positive whole number in X-Request-Timeout-Ms")
    await expect_service(client)


async def test_a_prediction_cannot_be_fetched_with_get(client: httpx.AsyncClient) -> None:
    response = await client.get(SENTIMENT)
    await expect_problem(response, 405, "method_not_allowed", f"there is no GET {SENTIMENT}")
    assert response.headers["allow"] == "POST"


async def test_every_fault_is_told_with_its_place(client: httpx.AsyncClient) -> None:
    response = await client.post(SENTIMENT, json={"text": 1, "texts": 2, "a~b": 3})
    assert response.json()["errors"] == [
        {"pointer": "/text", "expected": "a string", "received": "a number"},
        {"pointer": "/texts", "expected": "a list", "received": "a number"},
        {"pointer": "/a~0b", "expected": "no other field", "received": "a number"},
    ]


async def test_what_the_client_wrote_is_not_sent_back(client: httpx.AsyncClient) -> None:
    response = await client.post(SENTIMENT, json={"text": ["secret"], "x" * 1000: "secret"})
    assert "secret" not in response.text
    assert len(response.content) < 1000


async def test_of_many_wrong_texts_only_the_first_is_looked_at(client: httpx.AsyncClient) -> None:
    response = await client.post(SENTIMENT, json={"texts": [1] * 100_000})
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/texts/0"]


async def test_of_very_many_unknown_fields_none_is_described(client: httpx.AsyncClient) -> None:
    response = await client.post(SENTIMENT, json={f"field {number}": 1 for number in range(1000)})
    await expect_problem(response, 422, "input_invalid", "only the fields of this route; received 1,000 faults")


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (png(30_000, 30_000, data=zlib.compress(bytes(1_000_000))), "image/png", 413),
        (png(7_100, 7_100, data=zlib.compress(bytes(1_000_000))), "image/png", 413),
        (base64_body(png(30_000, 30_000, data=zlib.compress(bytes(1_000_000)))), "application/json", 413),
        (form(png(30_000, 30_000, data=zlib.compress(bytes(1_000_000)))), FORM, 413),
        (pixels(["a" * 300_000, *[""] * 2_000]), "application/json", 422),
    ],
    ids=["30,000 × 30,000 PNG", "7,100 × 7,100 PNG", "the same in base64", "the same in a form", "one long string"],
)
async def test_a_small_body_that_asks_for_much_memory_gets_none(
    client: httpx.AsyncClient, content: bytes, content_type: str, status: int
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = await client.post(DIGIT, content=content, headers={"content-type": content_type})
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert response.status_code == status, response.text
    assert grown < 50 * 1024, f"{grown // 1024} MiB more"
    await expect_service(client)


async def test_a_body_over_the_limit_is_refused_by_its_length(serving: Serving) -> None:
    async with serving(max_body_bytes=2048) as client:
        response = await client.post(SENTIMENT, content=text("a" * 5000), headers=JSON)
        await expect_problem(response, 413, "too_large", "a body of at most 2,048 bytes; received 5,012")
        response = await client.post(SENTIMENT, content=text("a" * 2000), headers=JSON)
        assert response.status_code == 200


async def test_a_body_over_the_limit_is_refused_when_it_comes_in_chunks(serving: Serving) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 1000

    async with serving(max_body_bytes=2048) as client:
        response = await client.post(SENTIMENT, content=chunks(), headers=JSON)
        await expect_problem(response, 413, "too_large", "a body of at most 2,048 bytes; received 3,000 or more")
        await expect_service(client)


async def test_more_files_than_rows_are_allowed_are_too_many(client: httpx.AsyncClient) -> None:
    response = await client.post(DIGIT, files=[("file", ("digit.png", b"", "image/png"))] * 1100)
    await expect_problem(response, 413, "too_large", "expected at most 1,024 inputs in one request")


async def test_a_file_in_a_form_never_touches_the_disk(
    client: httpx.AsyncClient, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    padded = picture("BMP") + bytes(3_000_000)
    response = await client.post(DIGIT, files={"file": ("digit.bmp", padded, "image/bmp")})
    assert response.status_code == 200, response.text


async def test_the_second_of_two_bad_pictures_is_named(client: httpx.AsyncClient, picture: Picture) -> None:
    images = [base64.b64encode(data).decode() for data in (picture(), picture()[:60])]
    response = await client.post(DIGIT, json={"images": images})
    await expect_problem(response, 400, "body_malformed", "image 2 of 2: the image is damaged or cut short")
