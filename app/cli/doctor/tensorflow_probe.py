"""A process that tries TensorFlow: `python -m app.cli.doctor.tensorflow_probe` prints what it found as JSON."""

import json
import os
import tempfile


def main() -> None:  # pragma: no cover  # runs in a process of its own only
    """Save, load and run a tiny SavedModel; raises whatever TensorFlow does."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf  # noqa: PLC0415  # after the variable that it reads

    module = tf.Module()
    module.serve = tf.function(lambda x: {"y": x + x}, input_signature=[tf.TensorSpec((None, 2), tf.float32, name="x")])
    with tempfile.TemporaryDirectory(prefix="horngate-") as folder:
        tf.saved_model.save(module, folder, signatures={"serving_default": module.serve})
        run = tf.saved_model.load(folder).signatures["serving_default"]
        given = run(x=tf.ones((1, 2)))["y"].numpy().tolist()
    if given != [[2.0, 2.0]]:
        raise ValueError(f"expected 1 + 1 to be 2; received {given}")
    gpus = [device.name for device in tf.config.list_physical_devices("GPU")]
    print(json.dumps({"version": tf.__version__, "gpus": gpus}))


if __name__ == "__main__":  # pragma: no cover  # the same
    main()
