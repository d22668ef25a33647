"""What a model is trained on: a processor, one GPU or several, one machine or several."""

import json
import os

import keras
import tensorflow as tf

from scripts.training.machines import spans_machines
from scripts.training.recipe import Recipe


def open_strategy() -> tf.distribute.Strategy:
    """How the work is divided: over the machines that TF_CONFIG names, over this one's GPUs, or not at all.

    To be called before TensorFlow computes anything: several machines find each other here, and wait for all.
    """
    cluster = json.loads(os.environ.get("TF_CONFIG") or "{}").get("cluster", {})
    if sum(len(addresses) for addresses in cluster.values()) > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    if len(tf.config.list_logical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process writes the run and exports: of several machines the first does."""
    resolver = strategy.cluster_resolver
    if resolver is None or not resolver.task_type:
        return True
    return resolver.task_type == "chief" or (
        resolver.task_type == "worker" and resolver.task_id == 0 and "chief" not in resolver.cluster_spec().jobs
    )


def describe_device(strategy: tf.distribute.Strategy | None = None) -> str:
    """The devices that TensorFlow will train on, in words: a GPU's name where there is one, and how many of them."""
    gpus = tf.config.list_physical_devices("GPU")
    names = [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]
    told = f"GPU: {', '.join(names)}" if names else "CPU (TensorFlow sees no GPU)"
    replicas = 1 if strategy is None else strategy.num_replicas_in_sync
    place = "on several machines" if spans_machines(strategy) else "on one machine"
    return told if replicas == 1 else f"{told}; {replicas} replicas {place}"


def describe_scale(recipe: Recipe, replicas: int) -> str:
    """The rows of a batch and the learning rate, and how they come from the recipe where there are several replicas."""
    rows, rate = recipe.fit.batch_size, recipe.optimiser.learning_rate
    if replicas == 1:
        return f"batches of {rows} rows, learning rate {rate:g}"
    return (
        f"{replicas} replicas: batches of {replicas} × {rows} = {replicas * rows} rows, "
        f"learning rate {replicas} × {rate:g} = {replicas * rate:g}"
    )


def make_reproducible(seed: int) -> None:
    """Seed Python, numpy and TensorFlow, and ask TensorFlow for operations that give the same result every time."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
