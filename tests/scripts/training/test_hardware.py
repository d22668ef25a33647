import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import tensorflow as tf

from scripts.training.hardware import describe_device, describe_scale, is_chief, open_strategy
from scripts.training.recipe import read_recipe

PROCESS = Path(__file__).with_name("learn_on_replicas.py")
TRANSFORMER = '{ kind = "transformer", embedding = 4, heads = 2, feed_forward = 4, blocks = 1, dropout = 0.1 }'
POOLING = '{ kind = "pooling", embedding = 4, dropout = 0.0 }'


def test_the_device_is_told_in_words():
    assert describe_device() == describe_device(tf.distribute.get_strategy()) == "CPU (TensorFlow sees no GPU)"


def test_batch_and_learning_rate_are_told_as_they_are_and_as_they_grow(recipe_file):
    recipe = read_recipe(recipe_file())
    assert describe_scale(recipe, 1) == "batches of 16 rows, learning rate 0.02"
    assert describe_scale(recipe, 4) == "4 replicas: batches of 4 × 16 = 64 rows, learning rate 4 × 0.02 = 0.08"


@pytest.mark.parametrize("config", [None, "{}", '{"cluster": {"worker": ["localhost:1"]}}'])
def test_one_machine_with_one_device_divides_nothing(monkeypatch, config):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if config is not None:
        monkeypatch.setenv("TF_CONFIG", config)
    strategy = open_strategy()
    assert (strategy.num_replicas_in_sync, is_chief(strategy)) == (1, True)


@pytest.fixture
def learn(recipe_file, tmp_path):
    """Starts a process that trains the tiny topic recipe with batches of so many rows and that learning rate."""
    started = []

    def start(rows, rate, replicas=1, config="{}"):
        path = recipe_file("topic", 2, (TRANSFORMER, POOLING))
        text = path.read_text(encoding="utf-8").replace("batch_size = 16", f"batch_size = {rows}")
        path.write_text(text.replace("learning_rate = 0.02", f"learning_rate = {rate}"), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, str(PROCESS), str(path), str(tmp_path / "run"), str(replicas)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PROCESS.parents[3]), "TF_CONFIG": config},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def told(process):
    """What a process said at its end."""
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(out.splitlines()[-1])


def losses(answer):
    return [[epoch["loss"], epoch["val_loss"]] for epoch in answer["epochs"]]


@pytest.fixture
def alone(learn):
    """What one device reaches with batches of 16 rows."""
    return told(learn(16, 0.02))


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


@pytest.mark.timeout(900)  # Four processes, each of which loads TensorFlow.
def test_replicas_and_machines_learn_what_one_device_does_with_batches_as_large(learn, alone):
    mirrored = told(learn(8, 0.01, replicas=2))
    assert (mirrored["replicas"], mirrored["writes"]) == (2, True)
    assert mirrored["device"].endswith("; 2 replicas on one machine")
    assert losses(mirrored)[0] == pytest.approx(losses(alone)[0], rel=1e-3)

    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    processes = [
        learn(8, 0.01, config=json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}))
        for index in range(2)
    ]
    first, second = [told(process) for process in processes]
    assert [(answer["replicas"], answer["writes"]) for answer in (first, second)] == [(2, True), (2, False)]
    assert losses(first) == losses(second)
    assert losses(first)[0] == pytest.approx(losses(alone)[0], rel=1e-3)
