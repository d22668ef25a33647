import hashlib

import numpy as np
import pytest

from scripts.training.recipe import RecipeInvalid
from scripts.training.sentence_encoder.encoder_file import find_encoder, read_encoder


def test_sizes_pieces_and_spellings_are_read(encoder_path):
    file = read_encoder(encoder_path)
    assert (file.size, file.blocks, file.heads) == (32, 2, 2)
    assert (file.first, file.last, file.unknown) == (0, 2, 3)
    assert file.epsilon == pytest.approx(1e-5)
    assert file.pieces[4:6] == (("▁", -4.0), ("a", -5.0))
    assert file.spellings == {ord("B"): "b"}


def test_tensors_of_four_bits_are_widened_to_within_half_a_level(encoder_path, tensors):
    read = read_encoder(encoder_path).tensors
    assert read.keys() == tensors.keys()
    for name, values in tensors.items():
        level = np.abs(values.reshape(-1, 32)).max(axis=1, keepdims=True) / 7 if values.ndim == 2 else 1e-7
        assert (np.abs(read[name].reshape(-1, 32) - values.reshape(-1, 32)) <= 0.51 * level + 1e-6).all(), name
    np.testing.assert_array_equal(read["l0.q.b"], tensors["l0.q.b"])


def test_a_file_with_its_checksum_is_read_and_another_refused(encoder_path):
    read_encoder(encoder_path, hashlib.sha256(encoder_path.read_bytes()).hexdigest())
    with pytest.raises(RecipeInvalid, match=r"fragments\.sha256: expected 0000"):
        read_encoder(encoder_path, "0" * 64, "fragments.sha256")


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "other.bin").write_bytes(b"GGUF" * 4)
    with pytest.raises(RecipeInvalid, match="to begin with b'E5S1'; received b'GGUF'"):
        read_encoder(tmp_path / "other.bin")


def test_the_package_is_found_without_importing_it_and_its_want_is_told(encoder_path, monkeypatch):
    monkeypatch.syspath_prepend(encoder_path.parent.parent)
    assert find_encoder("madeupencoder", "fragments.package") == encoder_path
    with pytest.raises(RecipeInvalid, match=r"received 'no_such_encoder'; .* pip install 'horngate\[encoder\]"):
        find_encoder("no_such_encoder", "fragments.package")
