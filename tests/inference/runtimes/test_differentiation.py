"""TensorFlow's gradients beside a SavedModel's outputs."""

import numpy as np
import pytest

from app.errors import InferenceFailed, InputInvalid
from app.inference.runtimes.gradients import Aim, unpacked

SHAPES = {"x": (3,), "y": ()}


@pytest.fixture(scope="module")
def folder(saved_model, tmp_path_factory):
    """A model of two float inputs and a whole number, whose outputs are of all kinds."""
    import tensorflow as tf

    module = tf.Module()
    module.weights = tf.Variable([[1.0, -2.0], [0.5, 0.0], [0.0, 3.0]])

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, 3), tf.float32, name="x"),
            tf.TensorSpec((None,), tf.float32, name="y"),
            tf.TensorSpec((None,), tf.int32, name="count"),
        ],
        autograph=False,
    )
    def serve(x, y, count):
        logits = x @ module.weights
        return {
            "binary": tf.sigmoid(logits[:, :1] - y[:, tf.newaxis]),
            "classes": tf.nn.softmax(logits),
            "largest": tf.cast(tf.argmax(logits, 1), tf.float32),
            "squares": x**2 * tf.cast(count, tf.float32)[:, tf.newaxis],
        }

    saved = tmp_path_factory.mktemp("differentiable")
    tf.saved_model.save(module, str(saved), signatures={"serving_default": serve})
    return saved


@pytest.fixture(scope="module", params=["tensorflow", "tensorflow-xla"])
def runtime(request, folder):
    from app.inference.runtimes.savedmodel import SavedModelRuntime

    runtime = SavedModelRuntime(1, compiled=request.param == "tensorflow-xla")
    runtime.load(folder)
    yield runtime
    runtime.close()


def asked(runtime, output, element, *, is_class, rows=3):
    """The values and the gradients that the runtime gives for some rows, and all that it gives."""
    random = np.random.default_rng(2)
    tensors = {
        "x": random.normal(size=(rows, 3)).astype(np.float32),
        "y": random.normal(size=rows).astype(np.float32),
        "count": np.arange(rows, dtype=np.int32),
    }
    given = runtime.run(Aim(output, element, is_class).beside(tensors, runtime._signature))
    values, gradients = unpacked(given[output], SHAPES)
    return tensors, values, gradients, given


def test_a_numbers_gradient_is_each_rows_own(runtime):
    tensors, values, gradients, _ = asked(runtime, "squares", 1, is_class=False)
    assert values == pytest.approx(tensors["x"] ** 2 * tensors["count"][:, np.newaxis])
    expected = np.zeros((3, 3))
    expected[:, 1] = 2 * tensors["x"][:, 1] * tensors["count"]
    assert gradients["x"] == pytest.approx(expected, abs=1e-6)
    assert not gradients["y"].any()


def test_a_classs_log_odds_have_the_logits_gradients(runtime):
    _, values, gradients, _ = asked(runtime, "classes", 1, is_class=True)
    assert values.sum(axis=1) == pytest.approx(1)
    assert gradients["x"] == pytest.approx(np.tile([-3.0, -0.5, 3.0], (3, 1)), abs=1e-4)


@pytest.mark.parametrize(("element", "sign"), [(0, -1), (1, 1)])
def test_one_number_a_row_is_the_second_of_two_classes(runtime, element, sign):
    _, _, gradients, _ = asked(runtime, "binary", element, is_class=True)
    assert gradients["x"] == pytest.approx(sign * np.tile([1.0, 0.5, 0.0], (3, 1)), abs=1e-4)
    assert gradients["y"] == pytest.approx(-sign * np.ones(3), abs=1e-4)


def test_the_other_outputs_come_as_they_are(runtime):
    tensors, _, _, given = asked(runtime, "classes", 0, is_class=True)
    plain = runtime.run(tensors)
    for name in plain.keys() - {"classes"}:
        assert given[name] == pytest.approx(plain[name], abs=1e-5)


def test_rows_of_one_batch_may_ask_for_different_numbers(runtime):
    tensors, _, both, _ = asked(runtime, "classes", 0, is_class=True, rows=2)
    aims = [Aim("classes", place, is_class=True) for place in range(2)]
    first, second = (aim.beside(tensors, runtime._signature) for aim in aims)
    joined = {name: np.concatenate([first[name], second[name]]) for name in first}
    _, gradients = unpacked(runtime.run(joined)["classes"], SHAPES)
    assert gradients["x"][:2] == pytest.approx(both["x"], abs=1e-5)
    assert gradients["x"][2:] == pytest.approx(-both["x"], abs=1e-5)


def test_where_nothing_depends_smoothly_on_an_input_gradients_are_zero(runtime):
    _, _, gradients, _ = asked(runtime, "largest", 0, is_class=False)
    assert not any(gradient.any() for gradient in gradients.values())


def test_an_operation_without_a_gradient_is_no_failure_of_the_model(saved_model, tmp_path):
    import tensorflow as tf

    from app.inference.runtimes.savedmodel import SavedModelRuntime

    module = tf.Module()
    specs = [tf.TensorSpec((None, 1, 1, 3), tf.float32, name="x")]
    module.serve = tf.function(lambda x: {"y": tf.image.adjust_hue(x, 0.1)}, input_signature=specs, autograph=False)
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": module.serve})
    runtime = SavedModelRuntime(1)
    asked = Aim("y", 0, is_class=False).beside({"x": np.ones((1, 1, 1, 3), np.float32)}, runtime.load(tmp_path))
    with pytest.raises(InputInvalid, match=r"all have gradients; received No gradient .* \(op type: AdjustHue\)$"):
        runtime.run(asked)


def test_a_batch_that_the_graph_fails_on_has_failed(runtime):
    with pytest.raises(InferenceFailed, match="TensorFlow's gradients"):
        asked(runtime, "squares", 99, is_class=False)
    with pytest.raises(InferenceFailed, match="expected the inputs"):
        runtime.run(Aim("squares", 0, is_class=False).beside({"x": np.zeros((1, 3), np.float32)}, runtime._signature))
