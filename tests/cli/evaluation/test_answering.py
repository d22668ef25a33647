import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from app.cli.evaluation.answering import answer
from app.errors import BodyMalformed, InferenceFailed, InputInvalid
from app.inference.runtimes.fake import FakeRuntime
from app.processing.text import TextEncoder
from app.tasks.sentiment import SentimentTask
from app.types import Signature, TensorSpec


@pytest.fixture
def picture(write):
    """An image file with a dark bar on light paper, at the left or at the right."""

    def picture(name, left=True):
        levels = np.full((40, 40), 230, np.uint8)
        levels[8:32, 6 : 12 if left else 30] = 20
        file = io.BytesIO()
        Image.fromarray(levels).save(file, "PNG")
        return write(name, file.getvalue())

    return picture


def test_texts_are_answered_in_order_and_in_several_batches(opened):
    texts = [word for _ in range(10) for word in ("good", "bad film", "film")]
    answers = answer(opened("sentiment"), texts)
    assert [told["label"] for told in answers] == ["positive", "negative", "neutral"] * 10


def test_rows_of_different_lengths_come_back_in_the_order_of_the_inputs(opened):
    served = opened("sentiment")
    encoder = TextEncoder.from_file(served.folder.path / "tokenizer.json", 6, "tail", (2, 6))
    ran = []

    def finds_good(tensors):
        ran.append(tensors["tokens"].shape)
        return {"probabilities": np.where((tensors["tokens"] == 2).any(axis=1, keepdims=True), 0.9, 0.1)}

    signature = Signature((TensorSpec("tokens", "int32", (None, None)),), served.signature.outputs)
    of_two_lengths = dataclasses.replace(
        served,
        task=SentimentTask(encoder, signature, served.labels),
        signature=signature,
        runtime=FakeRuntime(signature, finds_good),
    )
    answers = answer(of_two_lengths, ["bad bad bad bad", "good", "good bad bad", "bad"])
    assert [told["label"] for told in answers] == ["negative", "positive", "positive", "negative"]
    assert ran == [(2, 2), (2, 6)]


def test_image_files_are_answered(opened, picture):
    told = answer(opened("digit"), [picture("a.png"), picture("b.png", left=False)])
    assert all(0 <= one["digit"] <= 9 for one in told)


def test_grey_levels_are_taken_as_they_are(opened):
    pixels = np.zeros((28, 28), np.uint8)
    pixels[:, :14] = 255
    (told,) = answer(opened("digit"), [pixels])
    assert told["digit"] == 1


def test_a_corrupt_image_among_good_ones_fails_alone(opened, picture, write, tmp_path):
    inputs = [picture("a.png"), write("b.png", b"no image"), picture("c.png"), tmp_path / "absent.png"]
    first, second, third, fourth = answer(opened("digit"), inputs)
    assert first == third
    assert "digit" in first
    assert isinstance(second, BodyMalformed)
    assert str(fourth) == "the file cannot be read: No such file or directory"


def test_pixels_of_another_shape_are_refused(opened):
    (told,) = answer(opened("digit"), [np.zeros((27, 28), np.uint8)])
    assert isinstance(told, InputInvalid)
    assert "received 27×28" in str(told)


def test_a_row_on_which_the_model_fails_fails_alone(opened):
    served = opened("sentiment")

    def hates_bad(tensors):
        if (tensors["tokens"] == 3).any():
            raise InferenceFailed("it hates that word")
        return {"probabilities": np.full((len(tensors["tokens"]), 1), 0.9, np.float32)}

    fussy = dataclasses.replace(served, runtime=FakeRuntime(served.signature, hates_bad))
    answers = answer(fussy, ["good", "bad", "film"])
    assert [isinstance(told, InferenceFailed) for told in answers] == [False, True, False]
    assert all(isinstance(told, InferenceFailed) for told in answer(fussy, ["bad"]))
