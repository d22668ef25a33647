"""Picture bodies: an image file, a form with files, or JSON with pixels or base64."""

import binascii
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import numpy as np
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.errors import BodyMalformed, InputInvalid, MediaUnsupported
from app.http.bodies.inputs import JSON, Inputs, Limits, expect_one_of, read_json
from app.http.body import Body, media_type_in
from app.http.schemas import PictureBody
from app.processing.image import MEDIA_TYPES, media_type_of, unpacked_bytes
from app.types import Array
from app.validation import check_rows, numeric_array

FORM = "multipart/form-data"
ANY = ("application/octet-stream", "image/*", "")
"""Media types that leave it to the bytes to tell."""


def read_pictures(body: Body, limits: Limits) -> Inputs:
    """The pictures, image files as bytes and pixels as (28, 28) arrays from 0 to 1; raises `RequestInvalid`."""
    if body.media_type == JSON:
        return _read_json(body, limits)
    if body.media_type in ANY or body.media_type in MEDIA_TYPES.values():
        return _files([_image(body.data, body.media_type, "the body")], is_many=False)
    accepted = ", ".join((*MEDIA_TYPES.values(), JSON, FORM))
    raise MediaUnsupported(f"expected one of {accepted}; received {body.media_type[:100]}; set the Content-Type header")


def _image(data: bytes, media_type: str, name: str) -> bytes:
    """The file as it came, if its first bytes are those of the type that it says it is."""
    actual = media_type_of(data)
    if actual is None:
        raise BodyMalformed(f"{name}: expected a PNG, JPEG, WebP or BMP image; received something else")
    if media_type not in ANY and media_type != actual:
        raise BodyMalformed(f"{name}: expected {media_type}, as declared; received {actual}; declare what it is")
    return data


def _read_json(body: Body, limits: Limits) -> Inputs:
    """Pixels or base64."""
    request = read_json(body, PictureBody)
    match expect_one_of(request, "pixels", "image", "images"):
        case "pixels":
            return _pixels(request.pixels or [], limits)
        case "image":
            return _files([_base64(request.image or "", "/image")], is_many=False)
        case _:
            images = request.images or []
            check_rows(len(images), limits.max_rows)
            return _files([_base64(image, f"/images/{index}") for index, image in enumerate(images)], is_many=True)


def _base64(text: str, pointer: str) -> bytes:
    """The image file in base64, with or without the head of a data: URL."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise InputInvalid.at(pointer, "base64 of an image file", f"something else ({error})") from None
    return _image(data, "", pointer)


def _pixels(values: Sequence[Any], limits: Limits) -> Inputs:
    """One picture of 28×28 or 784 numbers, or a list of such pictures."""
    array = numeric_array(values, "/pixels")
    is_many = array.ndim == 3 or (array.ndim == 2 and array.shape[1] == 784)
    pictures = array if is_many else array[np.newaxis]
    if pictures.shape[1:] not in ((28, 28), (784,)):
        raise InputInvalid.at("/pixels", "28×28 or 784 numbers", "×".join(map(str, array.shape)) + " numbers")
    check_rows(len(pictures), limits.max_rows)
    if pictures.min() < 0 or pictures.max() > 255:
        raise InputInvalid.at(
            "/pixels", "numbers from 0 to 1, or 0 to 255", f"numbers from {pictures.min():g} to {pictures.max():g}"
        )
    return Inputs([_scaled(picture) for picture in pictures], is_many=is_many)


def _scaled(picture: Array) -> Array:
    """(28, 28) float32 from 0 to 1."""
    levels = picture.reshape(28, 28).astype(np.float32)
    return levels / 255 if levels.max() > 1 else levels


async def read_form(body: Body, limits: Limits) -> Inputs:
    """The files of a form's `file` fields; raises `RequestInvalid`."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body.data

    parser = MultiPartParser(
        Headers({"content-type": body.content_type}), stream(), max_files=limits.max_rows, max_fields=16
    )
    parser.spool_max_size = len(body.data) + 1  # what a client sends is never written to the disk
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        if str(error).startswith("Too many files"):
            check_rows(body.data.count(b"filename="), limits.max_rows)
        raise BodyMalformed(f"expected a multipart form; {error}") from None
    try:
        files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        if not files:
            raise InputInvalid.at("/file", "one or more files in the form field `file`", "none")
        pictures = [
            _image(await file.read(), media_type_in(file.content_type or ""), f"file {number}")
            for number, file in enumerate(files, 1)
        ]
    finally:
        await form.close()
    return _files(pictures, is_many=len(pictures) > 1)


def _files(pictures: list[bytes], *, is_many: bool) -> Inputs:
    """Image files, with what they unpack to."""
    return Inputs(pictures, is_many, sum(map(unpacked_bytes, pictures)))
