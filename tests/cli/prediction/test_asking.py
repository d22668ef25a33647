"""The same models asked in this process and through a server: they say the same."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from app.cli.prediction.local import LocalAsker, open_local
from app.cli.prediction.model import Failed
from app.cli.prediction.remote import ServerRefused, _told, open_remote
from app.client.results import Origin, TensorRow, Timing

LEFT = np.zeros((28, 28), np.float32)
LEFT[:, :14] = 1


def png():
    """A dark stroke on white."""
    levels = np.full((40, 60), 255, np.uint8)
    levels[5:35, 10:18] = levels[18:22, 18:50] = 0
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(params=["local", "remote"])
def ask(request, opened, server_url):
    """Asks a model these inputs."""

    def call(name, inputs):
        if request.param == "local":
            asker = opened(name)
            assert isinstance(asker, LocalAsker)
            return asker.ask(inputs)
        with open_remote(server_url, name, is_bulk=True) as asker:
            return asker.ask(inputs)

    return call


def test_texts_are_classified_and_a_blank_one_fails_alone(ask):
    good, blank, bad = ask("sentiment/1", ["good film", " ", "bad"])
    assert (good["label"], bad["label"]) == ("positive", "negative")
    assert isinstance(blank, Failed)
    assert "expected a text with at least one visible character" in blank.reason


def test_only_blank_texts_all_fail(ask):
    assert all(isinstance(told, Failed) for told in ask("topic", ["", " "]))


def test_pictures_come_as_pixels_on_either_scale(ask):
    assert [told["digit"] for told in ask("digit", [LEFT, LEFT * 255, LEFT[:, ::-1].copy()])] == [1, 1, 7]


def test_pictures_come_as_files_and_a_broken_one_fails_alone(ask, tmp_path):
    path = tmp_path / "left.png"
    path.write_bytes(png())
    (tmp_path / "broken.png").write_bytes(b"<svg/>")
    told = ask("digit", [path, tmp_path / "broken.png", tmp_path / "absent.png", path.read_bytes()])
    assert isinstance(told[1], Failed)
    assert isinstance(told[2], Failed)
    assert told[0] == told[3]
    assert len(told[0]["probabilities"]) == 10


def test_rows_of_tensors_are_answered_and_a_wrong_one_fails_alone(ask):
    rows = [
        {"left": [1, 2], "right": [3, 4], "count": 5},
        {"left": [1], "right": [3, 4], "count": 5},
        {"left": [0, 0], "right": [1, 1], "count": 1},
    ]
    first, wrong, last = ask("adder", rows)
    assert first == {"outputs": {"sum": [4, 6], "tripled": 15}}
    assert isinstance(wrong, Failed)
    assert last == {"outputs": {"sum": [1, 1], "tripled": 3}}


def test_both_say_what_the_model_is(opened, server_url):
    for name in ("sentiment", "digit", "adder"):
        with open_remote(server_url, f"{name}/1") as remote:
            assert remote.model == opened(name).model


@pytest.mark.parametrize(
    ("url", "wanted", "message"),
    [
        ("", "sentiment", "--url: expected something like http://127.0.0.1:8000; received ''"),
        (None, "sentimet", "no model is called 'sentimet'; did you mean 'sentiment'?"),
        (None, "sentiment/7", "sentiment has no version 7 there; there are: 1"),
    ],
)
def test_what_a_server_cannot_be_asked_is_one_clear_error(server_url, url, wanted, message):
    with (
        pytest.raises(ServerRefused, match=re.escape(message)),
        open_remote(server_url if url is None else url, wanted),
    ):
        pass


def test_a_server_gives_a_labelled_row_its_class_and_its_tensors():
    origin = Origin("scores", 1, Timing(), "id")
    shares = {"cat": 0.3, "dog": 0.7}
    assert _told(TensorRow(origin, {"OUTPUT0": [0.3, 0.7]}, "dog", 0.7, shares)) == {
        "label": "dog",
        "score": 0.7,
        "probabilities": shares,
        "outputs": {"OUTPUT0": [0.3, 0.7]},
    }


def test_a_labelled_tensor_model_gives_its_class_and_its_tensors(simple_models):
    with open_local(simple_models, "scores") as asker:
        (told,) = asker.ask([{"INPUT0": [0.1, 0.7, 0.2]}])
    assert told["label"] == "dog"
    assert set(told) == {"label", "score", "probabilities", "outputs"}
