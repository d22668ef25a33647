"""What is TensorFlow's alone."""

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid


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


def save(tf, folder, serve, *specs):
    module = tf.Module()
    module.serve = tf.function(serve, input_signature=list(specs), autograph=False)
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})


def test_strings_go_in_and_come_out(tf, tmp_path):
    from app.inference.runtimes.savedmodel import SavedModelRuntime

    save(tf, tmp_path, lambda texts: {"joined": texts + "!"}, tf.TensorSpec((None,), tf.string, name="texts"))
    runtime = SavedModelRuntime()
    signature = runtime.load(tmp_path)
    assert [spec.dtype for spec in (*signature.inputs, *signature.outputs)] == ["string", "string"]
    assert runtime.run({"texts": np.array(["good", "坏"], object)})["joined"].tolist() == [b"good!", "坏!".encode()]


def test_rows_are_filled_up_to_a_power_of_two_so_that_few_programs_are_compiled(tf, tmp_path):
    from app.inference.runtimes.savedmodel import compiled_runtime

    def serve(x):
        return {"doubled": x * 2, "rows": tf.fill([1], tf.shape(x)[0])}

    save(tf, tmp_path, serve, tf.TensorSpec((None, 2), tf.float32, name="x"))
    runtime = compiled_runtime(1)
    runtime.load(tmp_path)
    for rows, padded in ((1, 1), (2, 2), (3, 4), (4, 4), (5, 8)):
        outputs = runtime.run({"x": np.ones((rows, 2), np.float32)})
        assert outputs["doubled"].shape == (rows, 2)
        assert outputs["rows"].tolist() == [padded]
    assert runtime._function.experimental_get_tracing_count() == 4


def test_no_rows_are_no_error_of_a_compiled_model(tf, saved_model):
    from app.inference.runtimes.savedmodel import compiled_runtime

    runtime = compiled_runtime(1)
    runtime.load(saved_model)
    outputs = runtime.run({"values": np.empty((0, 3), np.float32), "ids": np.empty(0, np.int32)})
    assert outputs["doubled"].shape == (0, 3)


def test_a_model_with_strings_is_not_compiled(tf, tmp_path):
    from app.inference.runtimes.savedmodel import compiled_runtime

    save(tf, tmp_path, lambda texts: {"kept": texts}, tf.TensorSpec((None,), tf.string, name="texts"))
    with pytest.raises(ModelInvalid, match="XLA cannot compile a model with strings"):
        compiled_runtime(1).load(tmp_path)


@pytest.fixture
def lookup(tf):
    """Saves a model that looks numbers up in a table, which XLA cannot compile."""

    def build(folder, *shape):
        module = tf.Module()
        pairs = tf.lookup.KeyValueTensorInitializer(tf.constant([1, 2], tf.int64), tf.constant([10, 20], tf.int64))
        module.table = tf.lookup.StaticHashTable(pairs, -1)
        spec = tf.TensorSpec(shape, tf.int64, name="x")
        module.serve = tf.function(lambda x: {"y": module.table.lookup(x)}, input_signature=[spec], autograph=False)
        tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})

    return build


def test_a_model_that_xla_cannot_compile_is_refused_when_it_is_loaded(lookup, tmp_path):
    from app.inference.runtimes.savedmodel import compiled_runtime

    lookup(tmp_path, None)
    runtime = compiled_runtime(1)
    with pytest.raises(ModelInvalid, match=r"XLA cannot compile the model: .*LookupTableFind"):
        runtime.load(tmp_path)
    with pytest.raises(InferenceFailed, match="closed"):
        runtime.run({"x": np.array([1])})


def test_where_a_length_is_free_the_first_batch_shows_that_xla_cannot_compile(lookup, tmp_path):
    from app.inference.runtimes.savedmodel import compiled_runtime

    lookup(tmp_path, None, None)
    runtime = compiled_runtime(1)
    runtime.load(tmp_path)
    with pytest.raises(InferenceFailed, match=r"TensorFlow with XLA: .*LookupTableFind"):
        runtime.run({"x": np.array([[1, 2]])})
