"""TensorFlow's gradients along the rows that ids are looked up in."""

import numpy as np
import pytest

from app.errors import InferenceFailed, InputInvalid
from app.inference.runtimes.gradients import SHARE, Aim

VECTORS = np.array([[0.5, -0.5], [1.0, 2.0], [-1.0, 0.0], [3.0, 1.0]], np.float32)
KEYED = np.array([[0.0, 0.0], [1.0, 4.0], [9.0, 5.0], [3.0, 6.0]], np.float32)
"""Beside each weight the id that it is for; that of 2 is another's."""


@pytest.fixture(scope="module")
def runtime(saved_model, tmp_path_factory):
    """Ids to the squares of their vectors and the weights whose keys are theirs, in one sigmoid."""
    import tensorflow as tf

    from app.inference.runtimes.savedmodel import SavedModelRuntime

    module = tf.Module()
    module.vectors, module.keyed = tf.Variable(VECTORS, name="a_vectors"), tf.Variable(KEYED, name="b_keyed")

    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int32, name="ids")], autograph=False)
    def serve(ids):
        found = tf.gather(module.keyed, ids)
        is_known = tf.cast(tf.equal(found[..., 0], tf.cast(ids, tf.float32)), tf.float32)
        weights = tf.reduce_sum(found[..., 1] * is_known, axis=1)
        squares = tf.reduce_sum(tf.gather(module.vectors, ids) ** 2, axis=[1, 2])
        return {"odds": tf.sigmoid(0.1 * (squares + weights))[:, tf.newaxis], "count": ids[:, :1] * 2}

    folder = tmp_path_factory.mktemp("looked_up")
    tf.saved_model.save(module, str(folder), signatures={"serving_default": serve})
    runtime = SavedModelRuntime(1)
    runtime.load(folder)
    yield runtime
    runtime.close()


def asked(runtime, ids, shares, element=1):
    """The odds' logarithms (rows,), and the gradients along each lookup (rows, lookups)."""
    tensors = {"ids": np.array(ids, np.int32), SHARE: np.array(shares, np.float32)}
    given = runtime.run(Aim("odds", element, is_class=True).beside(tensors, runtime._signature))
    odds = np.clip(given["odds"][:, 0].astype(np.float64), 1e-7, 1 - 1e-7)
    return np.log(odds / (1 - odds)), given["odds"][:, 1:], given


def log_odds(ids, share):
    """The model in numpy."""
    vectors = VECTORS[0] + share * (VECTORS[ids] - VECTORS[0])
    weights = sum(share * KEYED[number, 1] for number in ids if KEYED[number, 0] == number)
    return 0.1 * ((vectors**2).sum() + weights)


def test_rows_stand_between_the_paddings_and_their_own_and_keys_stay(runtime):
    ids = [0, 1, 2, 3, 3]
    found, _, given = asked(runtime, [ids] * 3, [0, 0.25, 1])
    assert found == pytest.approx([log_odds(ids, share) for share in (0, 0.25, 1)], abs=1e-4)
    assert given["count"].tolist() == [[0]] * 3


def test_gradients_sum_to_what_the_score_grows_by(runtime):
    ids, steps = [0, 1, 2, 3, 3], 10
    shares = (np.arange(steps) + 0.5) / steps
    _, along, _ = asked(runtime, [ids] * steps, shares)
    assert along.shape == (steps, 10)
    contributions = along.mean(axis=0)
    assert contributions.sum() == pytest.approx(log_odds(ids, 1) - log_odds(ids, 0), abs=1e-4)
    assert contributions[[0, 5, 7]] == pytest.approx([0, 0, 0], abs=1e-6)
    assert contributions[[6, 8, 9]] == pytest.approx([0.4, 0.6, 0.6], abs=1e-4)
    _, against, _ = asked(runtime, [ids] * steps, shares, element=0)
    assert against == pytest.approx(-along, abs=1e-5)


def test_rows_of_different_texts_may_share_a_batch(runtime):
    texts, shares = [[1, 3], [2, 2], [1, 3]], [0.5, 1, 1]
    found, along, _ = asked(runtime, texts, shares)
    for place, (ids, share) in enumerate(zip(texts, shares, strict=True)):
        alone, alone_along, _ = asked(runtime, [ids], [share])
        assert found[place] == pytest.approx(alone[0])
        assert along[place] == pytest.approx(alone_along[0])


def test_predictions_are_those_of_the_tables_own_rows(runtime):
    plain = {"ids": np.array([[1, 2, 3]], np.int32)}
    before = runtime.run(plain)["odds"]
    asked(runtime, [[1, 2, 3]], [0.5])
    assert np.array_equal(runtime.run(plain)["odds"], before)
    first, _, _ = asked(runtime, [[1, 2, 3]], [1])
    assert first == pytest.approx(np.log(before / (1 - before))[0], abs=1e-5)


def test_a_score_that_is_certain_at_the_end_still_shows_which_columns_hold_amounts(runtime):
    ids = [3] * 15
    found, along, _ = asked(runtime, [ids] * 2, [1, 0])
    assert found[1] == pytest.approx(log_odds(ids, 0), abs=1e-4)
    assert not along[0].any()
    assert along[1].any()


def test_a_model_without_tables_is_refused(saved_model, tmp_path):
    import tensorflow as tf

    from app.inference.runtimes.savedmodel import SavedModelRuntime

    module = tf.Module()
    module.weight = tf.Variable(2.0)
    specs = [tf.TensorSpec((None, 2), tf.int32, name="ids")]
    module.serve = tf.function(
        lambda ids: {"odds": tf.cast(ids, tf.float32) * module.weight}, input_signature=specs, autograph=False
    )
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": module.serve})
    runtime = SavedModelRuntime(1)
    signature = runtime.load(tmp_path)
    tensors = {"ids": np.ones((1, 2), np.int32), SHARE: np.ones(1, np.float32)}
    with pytest.raises(InputInvalid, match="a model that looks its ids up in tables"):
        runtime.run(Aim("odds", 0, is_class=False).beside(tensors, signature))


def test_ids_that_no_table_has_are_a_failure_of_the_model(runtime):
    with pytest.raises(InferenceFailed, match="TensorFlow's gradients"):
        asked(runtime, [[99]], [1])
