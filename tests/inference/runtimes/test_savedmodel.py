"""What is TensorFlow's alone."""

import pytest

from app.errors import ModelInvalid


@pytest.fixture
def tf(saved_model):
    """TensorFlow, imported and set up by `saved_model`."""
    import tensorflow as tf

    return tf


def test_a_saved_model_without_the_serving_signature_is_refused_and_says_what_it_has(tf, tmp_path):
    from app.inference.runtimes.savedmodel import SavedModelRuntime

    module = tf.Module()
    module.double = tf.function(lambda x: {"y": x * 2}, input_signature=[tf.TensorSpec((None,), tf.float32, name="x")])
    tf.saved_model.save(module, str(tmp_path / "none"), signatures={})
    tf.saved_model.save(module, str(tmp_path / "other"), signatures={"other": module.double})
    for folder, received in (("none", "none"), ("other", "other")):
        with pytest.raises(ModelInvalid, match=f"expected a signature 'serving_default'; received {received}"):
            SavedModelRuntime().load(tmp_path / folder)


def test_an_input_of_unknown_rank_counts_as_rows(tf, tmp_path):
    from app.inference.runtimes.savedmodel import SavedModelRuntime

    module = tf.Module()
    module.double = tf.function(lambda x: {"y": x * 2}, input_signature=[tf.TensorSpec(None, tf.float32, name="x")])
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": module.double})
    signature = SavedModelRuntime(threads=2).load(tmp_path)
    assert [spec.shape for spec in (*signature.inputs, *signature.outputs)] == [(None,), (None,)]


def test_threads_that_are_fixed_already_are_left_as_they_are(saved_model):
    from app.inference.runtimes.savedmodel import SavedModelRuntime

    for threads in (1, 2):
        assert SavedModelRuntime(threads).load(saved_model).inputs
