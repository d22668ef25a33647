"""Files of a web page, read once and served from memory: compressed, with an `ETag`, under a strict policy."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
"""What a page may consist of; a file of another kind is not served."""

COMPRESSED = {".css", ".html", ".js", ".svg"}

GUARDS = {
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""Headers of every file: asked for again each time, which mostly costs a 304, and of no use to other origins."""


class Asset(NamedTuple):
    """One file as it goes out; `compressed` is empty where gzip would not make it smaller."""

    content: bytes
    compressed: bytes
    etag: str
    media_type: str


class Assets:
    """The files of one page, by their names."""

    def __init__(self, files: Mapping[str, Asset], policy: str) -> None:
        self._files = files
        self._headers = {**GUARDS, "content-security-policy": policy}

    def answer(self, name: str, request: Request) -> Response:
        """A file, its 304 where the client has it already; raises the framework's 404 where there is none."""
        asset = self._files.get(name)
        if asset is None:
            raise HTTPException(404)
        headers = {**self._headers, "etag": asset.etag, "vary": "accept-encoding"}
        if asset.etag in tags_of(request.headers.getlist("if-none-match")):
            return Response(status_code=304, headers=headers)
        headers["content-type"] = asset.media_type
        if asset.compressed and accepts_gzip(request.headers.getlist("accept-encoding")):
            return Response(asset.compressed, headers={**headers, "content-encoding": "gzip"})
        return Response(asset.content, headers=headers)


def read_asset(path: Path) -> Asset:
    """A file of one of `MEDIA_TYPES`, compressed; raises `OSError` where it cannot be read."""
    content = path.read_bytes()
    compressed = gzip.compress(content, mtime=0) if path.suffix in COMPRESSED else b""
    # Weak, since one tag stands for both encodings.
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Asset(content, compressed if len(compressed) < len(content) else b"", etag, MEDIA_TYPES[path.suffix])


def tags_of(headers: Iterable[str]) -> set[str]:
    """The entity tags that `If-None-Match` lists, for a weak comparison (RFC 9110, 13.1.2)."""
    return {f'W/"{tag}"' for header in headers for tag in header.split('"')[1::2]}


def accepts_gzip(headers: Iterable[str]) -> bool:
    """Whether `Accept-Encoding` allows gzip: named, or by `*`, and not with a weight of 0."""
    weights = {}
    for coding in ",".join(headers).lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        weights[name] = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    return weights.get("gzip", weights.get("*", "0")).strip("0.") != ""
