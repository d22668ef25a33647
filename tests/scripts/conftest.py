"""Made-up data and recipes, small enough to train in a second."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def pytest_collection_modifyitems(items) -> None:
    """Let pass what Keras's own saving warns of under numpy 2: it is neither ours nor does it change anything."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"))


GOOD = ["good", "fine", "lovely", "棒"]
BAD = ["bad", "poor", "dreadful", "差"]
PLAIN = ["film", "plot", "actor", "scene", "it", "was", "电影"]

SENTIMENT = """
name = "tiny"
task = "sentiment"
datasets = ["texts:{texts}"]
neutral_band = [0.45, 0.55]
text = {{ length = 8, keep = "tail", buckets = [4, 6, 8] }}
vocabulary = {{ size = 40 }}
architecture = {{ kind = "lstm", embedding = 4, units = [4, 3], dropout = 0.2 }}
optimiser = {{ kind = "adam", learning_rate = 0.02 }}
augmentation = {{ kind = "text", reach = 12, crop_share = 0.2, crop_min_tokens = 2, unknown_share = 0.05 }}
fit = {{ epochs = {epochs}, patience = 9, batch_size = 16, validation_share = 0.2, seed = 3 }}
card = {{ purpose = "Made up.", limits = "It knows nothing." }}
"""

TOPIC = """
name = "tiny_topic"
task = "topic"
datasets = ["texts:{texts}"]
text = {{ length = 8, keep = "head" }}
vocabulary = {{ size = 40, omit = ["it"] }}
architecture = {{ kind = "transformer", embedding = 4, heads = 2, feed_forward = 4, blocks = 1, dropout = 0.1 }}
optimiser = {{ kind = "adamw", learning_rate = 0.02, schedule = {{ kind = "cosine" }}, weight_decay = 0.01 }}
fit = {{ epochs = {epochs}, patience = 9, batch_size = 16, validation_share = 0.2, seed = 3 }}
card = {{ purpose = "Made up.", limits = "It knows nothing." }}
"""

DIGIT = """
name = "tiny_digit"
task = "digit"
datasets = ["images:{images}"]
architecture = {{ kind = "cnn", filters = [[2], [2], [2]], dropout = 0.1 }}
optimiser = {{ kind = "adam", learning_rate = 0.01 }}
augmentation = {{ kind = "image", shift = 1, rotation = 5, scale = 0.1 }}
fit = {{ epochs = {epochs}, patience = 9, batch_size = 16, validation_share = 0.2, seed = 3 }}
card = {{ purpose = "Made up.", limits = "It knows nothing." }}
"""


def _row(number: random.Random, words: list[str]) -> str:
    picked = [number.choice(PLAIN) for _ in range(number.randint(2, 7))]
    picked.insert(number.randint(0, len(picked)), number.choice(words))
    return " ".join(picked) + f" {number.randint(0, 10**9)}"


@pytest.fixture(scope="session")
def texts(tmp_path_factory) -> Path:
    """A folder of made-up reviews; the word `unheard` stands in the test split only."""
    folder = tmp_path_factory.mktemp("reviews")
    number = random.Random(7)
    rows = [f"{_row(number, words)}\t{label}" for words, label in ((GOOD, "pos"), (BAD, "neg")) for _ in range(60)]
    tested = [f"unheard {_row(number, words)}\t{label}" for words, label in ((GOOD, "pos"), (BAD, "neg")) for _ in "ab"]
    (folder / "train.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "test.txt").write_text("\n".join(tested * 3) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def images(tmp_path_factory) -> Path:
    """A folder of made-up pictures: bars whose height and place stand for the digit."""
    folder = tmp_path_factory.mktemp("pictures")
    random_numbers = np.random.default_rng(7)
    for part, count in (("train", 8), ("test", 3)):
        for digit in range(10):
            place = folder / part / str(digit)
            place.mkdir(parents=True)
            for number in range(count):
                pixels = random_numbers.integers(0, 20, (28, 28)).astype(np.uint8)
                bar = pixels[4 : 8 + 2 * digit, 6 + digit : 12 + digit]
                bar[:] = random_numbers.integers(120, 256, bar.shape)
                Image.fromarray(pixels).save(place / f"{number}.png")
    return folder


@pytest.fixture
def recipe_file(tmp_path, texts, images) -> Callable[..., Path]:
    """Writes a tiny recipe of that task and says where it stands."""

    def write(task: str = "sentiment", epochs: int = 2, replace: tuple[str, str] = ("", "")) -> Path:
        template = {"sentiment": SENTIMENT, "topic": TOPIC, "digit": DIGIT}[task]
        path = tmp_path / f"{task}.toml"
        path.write_text(template.format(texts=texts, images=images, epochs=epochs).replace(*replace), encoding="utf-8")
        return path

    return write
