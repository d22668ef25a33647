"""Builders of tiny made-up data, in the layouts of the public originals, and an origin to fetch them from."""

import io
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from app.labelled.files import md5_of
from app.labelled.problems import Problem
from scripts.training.data.mnist import CHECKSUMS
from scripts.training.data.types import Dataset, Split


@pytest.fixture
def dataset() -> Callable[..., Dataset]:
    """A data set of texts, given as (text, target) pairs."""

    def dataset(
        train: list[tuple[str, int]],
        test: list[tuple[str, int]],
        labels: tuple[str, ...] = ("negative", "positive"),
        problems: tuple[Problem, ...] = (),
        name: str = "made_up",
    ) -> Dataset:
        parts = [Split([text for text, _ in rows], np.array([target for _, target in rows])) for rows in (train, test)]
        return Dataset(name, labels, parts[0], parts[1], "ours", f"{name} of this test", problems)

    return dataset


@pytest.fixture
def digit_files() -> dict[str, bytes]:
    """Four IDX files of twelve training and four test digits, by the names of MNIST's."""
    generator = np.random.default_rng(0)
    files = {}
    for part, rows in (("train", 12), ("t10k", 4)):
        images = generator.integers(0, 256, (rows, 28, 28), dtype=np.uint8)
        labels = (np.arange(rows) % 10).astype(np.uint8)
        files[f"{part}-images-idx3-ubyte"] = struct.pack(">4B3I", 0, 0, 8, 3, rows, 28, 28) + images.tobytes()
        files[f"{part}-labels-idx1-ubyte"] = struct.pack(">4BI", 0, 0, 8, 1, rows) + labels.tobytes()
    return {name: files[name] for name in CHECKSUMS}


@pytest.fixture
def digit_checksums(digit_files: dict[str, bytes]) -> dict[str, str]:
    """The MD5 of each of `digit_files`."""
    return {name: md5_of(content) for name, content in digit_files.items()}


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """An image file with a dark stroke of this width on light paper."""

    def picture(stroke: int = 6, side: int = 40, kind: str = "PNG") -> bytes:
        levels = np.full((side, side), 230, np.uint8)
        levels[8:-8, 15 : 15 + stroke] = 20
        file = io.BytesIO()
        Image.fromarray(levels).save(file, kind)
        return file.getvalue()

    return picture


@dataclass
class Origin:
    """A server on loopback: `files` are what it gives by path, `asked` what it was asked for, in order."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def origin() -> Iterator[Origin]:
    """An origin to fetch from, closed after the test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            content = served.files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("content-length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Origin(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()
