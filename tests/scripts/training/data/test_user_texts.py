import pytest

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data.user_texts import load_user_texts

TRAIN = "a fine film\tgood\nan awful one\tbad\nso so\tneither\n"


def test_labels_are_sorted_and_rows_keep_their_order(tmp_path, write):
    write("mine/train.txt", TRAIN)
    write("mine/test.txt", "fine again\tgood\n")
    texts = load_user_texts(tmp_path / "mine")
    assert texts.name == "mine"
    assert texts.labels == ("bad", "good", "neither")
    assert texts.train.inputs == ["a fine film", "an awful one", "so so"]
    assert texts.train.targets.tolist() == [1, 0, 2]
    assert texts.test.inputs == ["fine again"]
    assert texts.test.targets.tolist() == [1]


def test_a_packed_file_is_read_as_well(tmp_path, write):
    write("mine/train.txt.gz", TRAIN)
    write("mine/test.txt", TRAIN)
    assert len(load_user_texts(tmp_path / "mine").train.targets) == 3


def test_a_tab_inside_the_text_belongs_to_the_text(tmp_path, write):
    write("mine/train.txt", "column\tand column\tgood\nplain\tbad\n")
    write("mine/test.txt", "x\tgood\n")
    assert load_user_texts(tmp_path / "mine").train.inputs[0] == "column\tand column"


def test_a_tenth_is_held_out_where_there_is_no_test_file(tmp_path, write):
    write("mine/train.txt", "".join(f"text {row}\t{'good' if row % 2 else 'bad'}\n" for row in range(100)))
    texts = load_user_texts(tmp_path / "mine")
    assert (len(texts.train.targets), len(texts.test.targets)) == (90, 10)


def test_a_label_that_only_the_test_file_has_is_a_counted_problem(tmp_path, write):
    write("mine/train.txt", TRAIN)
    write("mine/test.txt", "fine\tgood\nodd\tstrange\n")
    texts = load_user_texts(tmp_path / "mine")
    assert texts.labels == ("bad", "good", "neither")
    assert texts.problems == (Problem("mine/test.txt:2", "the label 'strange' does not stand in train.txt"),)


def test_broken_rows_of_both_files_are_counted_and_named(tmp_path, write):
    write("mine/train.txt", TRAIN + "no tab\n")
    write("mine/test.txt", "fine\tgood\n \tgood\n")
    assert load_user_texts(tmp_path / "mine").problems == (
        Problem("mine/train.txt:4", "no tab between text and label"),
        Problem("mine/test.txt:2", "empty text"),
    )


@pytest.mark.parametrize("label", ["", "  ", "x" * 101, "a\x1bb"])
def test_a_label_that_is_none_is_a_problem(tmp_path, write, label):
    write("mine/train.txt", f"{TRAIN}text\t{label}\n")
    write("mine/test.txt", "fine\tgood\n")
    [problem] = load_user_texts(tmp_path / "mine").problems
    assert problem.place == "mine/train.txt:4"
    assert problem.reason.startswith("expected a label after the last tab")


def test_columns_the_other_way_round_are_an_error_that_asks(tmp_path, write):
    write("mine/train.txt", "".join(f"good\ttext number {row}\n" for row in range(30)))
    with pytest.raises(DataInvalid, match=r"30 labels for 30 rows.*the other way round"):
        load_user_texts(tmp_path / "mine")


def test_a_single_class_is_an_error(tmp_path, write):
    write("mine/train.txt", "fine\tgood\nfiner\tgood\n")
    write("mine/test.txt", "fine\tgood\n")
    with pytest.raises(DataInvalid, match="at least two classes to train on; received good"):
        load_user_texts(tmp_path / "mine")


def test_an_empty_file_is_an_error(tmp_path, write):
    write("mine/train.txt", "")
    with pytest.raises(DataInvalid, match="empty file"):
        load_user_texts(tmp_path / "mine")


def test_rows_too_few_to_hold_any_out_are_an_error(tmp_path, write):
    write("mine/train.txt", "fine\tgood\nawful\tbad\n")
    with pytest.raises(DataInvalid, match="expected rows to test on"):
        load_user_texts(tmp_path / "mine")


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_a_folder_without_a_training_file_is_an_error(tmp_path, folder):
    with pytest.raises(DataMissing, match=r"lacks train\.txt"):
        load_user_texts(tmp_path / folder)
