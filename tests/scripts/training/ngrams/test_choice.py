import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the train extra")
pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scipy.sparse import csr_matrix

from scripts.training.architectures.ngrams import HashedNgrams
from scripts.training.ngrams.choice import choose, log_count_ratios
from scripts.training.ngrams.counting import runs_of, tokens_of

GOOD, BAD, PLAIN = 5, 6, 7
TEXTS = np.array([[GOOD, PLAIN], [GOOD, PLAIN], [BAD, PLAIN], [BAD, PLAIN]] * 3 + [[8, 9]], np.int32)
LABELS = np.array([1, 1, 0, 0] * 3 + [1])


def chosen(slots, min_rows=3):
    layer = HashedNgrams(10, slots)
    layer.build((None, None))
    return layer, choose(runs_of(TEXTS, 10), LABELS, layer, min_rows)


def words(found):
    return [[token for token in tokens if token] for tokens in tokens_of(found.keys, 10).tolist()]


def test_what_stands_on_one_side_only_has_a_large_ratio_of_its_side():
    counts = csr_matrix(np.array([[4, 0, 1], [1, 0, 1], [0, 2, 1], [0, 1, 1]], np.float32))
    ratios, rows = log_count_ratios(counts, np.array([1, 1, 0, 0]))
    np.testing.assert_allclose(ratios, [np.log(3), -np.log(3), 0], atol=1e-6)
    assert rows.tolist() == [2, 2, 4]


def test_runs_of_enough_texts_are_chosen_with_the_graphs_own_address():
    layer, found = chosen(slots=4001)
    assert words(found) == [[GOOD], [BAD], [PLAIN], [GOOD, PLAIN], [BAD, PLAIN]]
    for tokens, place, fingerprint in zip(words(found), found.places, found.fingerprints, strict=True):
        places, fingerprints = layer.addresses(np.array([tokens], np.int32))
        assert (int(places[0, -1]), float(fingerprints[0, -1])) == (place, fingerprint)


def test_a_slot_belongs_to_one_run_only():
    _, found = chosen(slots=1)
    assert words(found)[:3] == [[GOOD], [BAD], [PLAIN]]
    assert len(found.keys) == 4
    assert len(set(found.places.tolist())) == 4
