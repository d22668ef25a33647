import numpy as np
import pytest

from app.labelled.errors import DataInvalid, DataMissing, RowInvalid
from app.labelled.problems import Problem
from app.processing.image import decode_grey, to_digit
from scripts.training.data.image_folder import load_image_folder, read_image


@pytest.fixture
def folder(tmp_path, write, picture):
    """Two classes, each with images of its own stroke, and a test part."""
    for label, stroke in (("one", 4), ("seven", 16)):
        for number in range(3):
            write(f"mine/train/{label}/{number}.png", picture(stroke, 40 + number))
        write(f"mine/test/{label}/0.png", picture(stroke, 50))
    return tmp_path / "mine"


def test_folders_are_labels_and_images_are_28_pixels_of_light_ink(folder):
    images = load_image_folder(folder)
    assert images.labels == ("one", "seven")
    assert images.train.inputs.shape == (6, 28, 28)
    assert images.train.inputs.dtype == np.uint8
    assert images.train.inputs.max() == 255
    assert images.train.inputs[:, 0, 0].tolist() == [0] * 6
    assert images.train.targets.tolist() == [0, 0, 0, 1, 1, 1]
    assert images.test.targets.tolist() == [0, 1]
    assert images.problems == ()


def test_training_sees_what_serving_sees(folder):
    path = folder / "train" / "seven" / "1.png"
    served = to_digit(decode_grey(path.read_bytes()))
    assert np.abs(read_image(path) / 255 - served).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("WEBP", "webp"), ("BMP", "bmp")])
def test_other_kinds_of_images_are_read_as_well(folder, picture, write, kind, ending):
    write(f"mine/train/one/other.{ending}", picture(4, 44, kind))
    images = load_image_folder(folder)
    assert len(images.train.targets) == 7
    assert images.problems == ()


def test_a_corrupt_a_blank_and_a_foreign_file_are_counted_and_named(folder, write, picture):
    write("mine/train/one/cut.png", picture(4)[:60])
    write("mine/train/one/notes.txt", "not an image")
    write("mine/train/seven/blank.png", picture(0))
    (folder / "train" / "seven" / "folder").mkdir()
    problems = {problem.place: problem.reason for problem in load_image_folder(folder).problems}
    assert list(problems) == [
        "train/one/cut.png",
        "train/one/notes.txt",
        "train/seven/blank.png",
        "train/seven/folder",
    ]
    assert "damaged" in problems["train/one/cut.png"]
    assert "PNG, JPEG, WebP or BMP" in problems["train/one/notes.txt"]
    assert "blank picture" in problems["train/seven/blank.png"]


def test_hidden_files_and_loose_files_are_no_images(folder, write):
    write("mine/train/one/.DS_Store", b"\x00")
    write("mine/train/.cache/x.png", b"\x00")
    write("mine/train/readme.txt", "about this")
    images = load_image_folder(folder)
    assert len(images.train.targets) == 6
    assert images.problems == ()


def test_a_label_that_only_the_test_part_has_is_a_counted_problem(folder, write, picture):
    write("mine/test/nine/0.png", picture())
    images = load_image_folder(folder)
    assert images.labels == ("one", "seven")
    assert images.problems == (Problem("test/nine/0.png", "the label 'nine' does not stand in train/"),)


def test_a_tenth_is_held_out_where_there_is_no_test_part(tmp_path, write, picture):
    for number in range(1, 11):
        label = "one" if number % 2 else "seven"
        write(f"mine/train/{label}/{number}.png", picture(4 * number, 60))
    images = load_image_folder(tmp_path / "mine")
    assert images.test.targets.tolist() == [0, 1]
    assert len(images.train.targets) == 8


def test_mostly_broken_images_are_an_error(folder, write):
    for number in range(7):
        write(f"mine/train/one/x{number}.png", b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(DataInvalid, match="7 of 13 are broken"):
        load_image_folder(folder)


def test_no_images_at_all_are_an_error(tmp_path):
    (tmp_path / "train").mkdir()
    with pytest.raises(DataInvalid, match="it has no rows"):
        load_image_folder(tmp_path)


def test_a_single_class_is_an_error(tmp_path, write, picture):
    for number in range(3):
        write(f"mine/train/one/{number}.png", picture(3, 40 + 10 * number))
    with pytest.raises(DataInvalid, match="at least two classes"):
        load_image_folder(tmp_path / "mine")


def test_a_folder_without_a_training_part_is_an_error(tmp_path):
    with pytest.raises(DataMissing, match="lacks train/<label>/"):
        load_image_folder(tmp_path)


def test_an_image_that_vanished_is_a_problem_and_no_crash(tmp_path):
    with pytest.raises(RowInvalid, match=r"gone\.png"):
        read_image(tmp_path / "gone.png")
