"""A sentence encoder small enough to make up: two blocks of 32 numbers, six pieces."""

import struct

import numpy as np
import pytest

SIZE, BLOCKS, HEADS, HIDDEN = 32, 2, 2, 64
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "query", ":", "▁a"]


def four_bits(numbers: np.ndarray) -> bytes:
    """Numbers in blocks of 32 as the file has them, those of a block's first half in the lower four bits."""
    blocks = numbers.reshape(-1, 32)
    scales = np.maximum(np.abs(blocks).max(axis=1, keepdims=True) / 7, 1e-3).astype("<f2")
    levels = np.clip(np.rint(blocks / scales.astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    pairs = levels[:, :16] | (levels[:, 16:] << 4)
    return b"".join(scale.tobytes() + pair.tobytes() for scale, pair in zip(scales, pairs, strict=True))


@pytest.fixture(scope="session")
def tensors() -> dict[str, np.ndarray]:
    """The encoder's tensors, before any is squeezed into four bits."""
    random = np.random.default_rng(3)

    def normal(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, shape).astype(np.float32)

    made = {"emb.word": normal(len(PIECES), SIZE), "emb.pos": normal(40, SIZE), "emb.type": normal(1, SIZE)}
    shapes = {"q": (SIZE, SIZE), "k": (SIZE, SIZE), "v": (SIZE, SIZE), "ao": (SIZE, SIZE)}
    shapes |= {"fi": (HIDDEN, SIZE), "fo": (SIZE, HIDDEN)}
    for block in range(BLOCKS):
        for part, shape in shapes.items():
            made |= {f"l{block}.{part}.w": normal(*shape), f"l{block}.{part}.b": normal(shape[0])}
    for name in ("emb.ln", *(f"l{block}.{part}" for block in range(BLOCKS) for part in ("aln", "oln"))):
        made |= {f"{name}.w": 1 + normal(SIZE), f"{name}.b": normal(SIZE)}
    return made


@pytest.fixture(scope="session")
def encoder_path(tmp_path_factory, tensors):
    """The encoder's file in an importable package's folder."""
    letters = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, letters)]).astype("<u4")
    head = (
        b"E5S1" + struct.pack("<8i", 1, SIZE, BLOCKS, HEADS, HIDDEN, len(PIECES), 40, 1) + struct.pack("<fi", 1e-5, 32)
    )
    words = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1])) + ends.tobytes()
    words += np.array([-float(place) for place in range(len(PIECES))], "<f4").tobytes() + b"".join(letters)
    spelling = struct.pack("<IBI", ord("B"), 1, ord("b"))
    words += struct.pack("<iI", 1, len(spelling)) + spelling
    stored = {
        name: four_bits(values)
        if name.endswith((".word", ".w")) and values.ndim == 2
        else values.astype("<f4").tobytes()
        for name, values in tensors.items()
    }
    place = len(head) + len(words) + 4 + sum(2 + len(name) + 21 for name in stored)
    directory = struct.pack("<i", len(stored))
    for name, content in stored.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, tensors[name].size, place, len(content))
        place += len(content)
    folder = tmp_path_factory.mktemp("packages") / "madeupencoder"
    folder.mkdir()
    (folder / "__init__.py").touch()
    path = folder / "e5-small-q4.bin"
    path.write_bytes(head + words + directory + b"".join(stored.values()))
    return path
