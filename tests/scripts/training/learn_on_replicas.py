"""`python learn_on_replicas.py RECIPE FOLDER REPLICAS`: a process that trains a recipe's texts, for test_hardware.py.

Several machines are told by TF_CONFIG; otherwise so many pieces of one processor stand in for GPUs. Prints, as JSON,
whether this process wrote the run, how many replicas there were and each epoch's figures.
"""

import json
import sys
from pathlib import Path

import tensorflow as tf

from scripts.training import loop
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.hardware import describe_device, is_chief, make_reproducible, open_strategy
from scripts.training.learning import new_model
from scripts.training.progress import Progress
from scripts.training.recipe import read_recipe

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(4)


def main(path: str, folder: str, replicas: int) -> None:
    """Train and tell."""
    (processor,) = tf.config.list_physical_devices("CPU")
    if replicas > 1:
        pieces = [tf.config.LogicalDeviceConfiguration()] * replicas
        tf.config.set_logical_device_configuration(processor, pieces)
        strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(replicas)])
    else:
        strategy = open_strategy()
    recipe = read_recipe(Path(path))
    progress = Progress()
    if is_chief(strategy):
        progress = loop.open_run(Path(folder), recipe, {}, resume=False)
    make_reproducible(recipe.fit.seed)
    material = prepare(recipe, [load_dataset(recipe.datasets[0], Path())])
    with strategy.scope():
        model = new_model(recipe, material)
    progress = loop.train(recipe, model, material, Path(folder), progress, quiet=True)
    told = {
        "writes": is_chief(strategy),
        "replicas": strategy.num_replicas_in_sync,
        "device": describe_device(strategy),
        "epochs": progress.epochs,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
