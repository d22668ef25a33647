"""Compressed bodies: whole, bounded, and only where they are asked for."""

import asyncio
import gzip
import zlib

import pytest

from app.errors import BodyMalformed, TooLarge
from app.http.encoding import asked_encoding, packed, unpacked


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate"])
@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_what_is_packed_comes_back(encoding: bytes, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    again = asyncio.run(unpacked(asyncio.run(packed(data[:size], encoding)), encoding.upper(), size))
    assert again == data[:size]


@pytest.mark.parametrize("size", [1000, 2**20, 2**20 + 1])
def test_one_byte_over_the_limit_is_too_large(size: int) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(unpacked(gzip.compress(b" " * size), b"gzip", size - 1))


def test_a_stream_cut_anywhere_is_refused() -> None:
    data = zlib.compress(bytes(range(256)))
    for end in range(len(data)):
        with pytest.raises(BodyMalformed):
            asyncio.run(unpacked(data[:end], b"deflate", 1000))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [(b"gzip", b"gzip"), (b"Deflate", b"deflate"), (b"gzip, deflate", None), (b"br", None), (b"*", None), (None, None)],
)
def test_only_a_client_that_names_one_encoding_gets_it(accepted: bytes | None, encoding: bytes | None) -> None:
    assert asked_encoding(accepted) == encoding
