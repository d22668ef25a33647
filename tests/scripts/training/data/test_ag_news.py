import pytest

from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data.ag_news import read

TEST = '"3","Oil rises","Prices at a record."\n"4","New chip","It is\\fast."\n'
TRAIN = '"1","Vote","Talks go on."\n"2","Goal","In the last minute."\n"3","Shares fall","Again."\n'
SUBSET = '"label","text","source"\n"1","Vote in the south","a"\n"2","Goal","b"\n'


def test_title_and_description_are_one_text(tmp_path, write):
    write("ag_news/test.csv.gz", TEST)
    write("ag_news/train.csv", TRAIN)
    news = read(tmp_path)
    assert news.labels == ("World", "Sports", "Business", "Sci/Tech")
    assert news.train.inputs == ["Vote Talks go on.", "Goal In the last minute.", "Shares fall Again."]
    assert news.train.targets.tolist() == [0, 1, 2]
    assert news.test.inputs == ["Oil rises Prices at a record.", "New chip It is\\fast."]
    assert news.test.targets.tolist() == [2, 3]


def test_a_part_of_the_training_rows_serves_where_the_whole_is_not_there(tmp_path, write):
    write("ag_news/test.csv.gz", TEST)
    write("ag_news/train_subset_2.csv.gz", SUBSET)
    news = read(tmp_path)
    assert news.train.inputs == ["Vote in the south", "Goal"]
    assert "here 2 of 120,000 training rows, 2 of 7,600 test rows" in news.source


def test_the_whole_comes_before_a_part(tmp_path, write):
    write("ag_news/test.csv.gz", TEST)
    write("ag_news/train_subset_2.csv.gz", SUBSET)
    write("ag_news/train.csv.gz", TRAIN)
    assert len(read(tmp_path).train.targets) == 3


def test_the_largest_part_is_taken(tmp_path, write):
    write("ag_news/test.csv", TEST)
    write("ag_news/train_subset_9.csv", SUBSET)
    write("ag_news/train_subset_10.csv", SUBSET + '"4","Chip","c"\n')
    assert len(read(tmp_path).train.targets) == 3


@pytest.mark.parametrize("name", ["test.csv", "train.csv", "train_subset_2.csv"])
def test_one_part_alone_is_not_the_set(tmp_path, write, name):
    write(f"ag_news/{name}", TEST)
    with pytest.raises(DataMissing, match=r"lacks test\.csv, or train\.csv"):
        read(tmp_path)


def test_broken_rows_of_both_parts_are_counted_and_named(tmp_path, write):
    write("ag_news/train.csv", TRAIN + '"5","Weather","Rain."\n')
    write("ag_news/test.csv", TEST + '"1","",""\n')
    assert read(tmp_path).problems == (
        Problem("ag_news/train.csv:4", "expected a label of 1, 2, 3, 4; received '5'"),
        Problem("ag_news/test.csv:3", "empty text"),
    )


def test_a_training_part_of_one_class_is_an_error(tmp_path, write):
    write("ag_news/train.csv", '"1","Vote","Talks."\n"1","Treaty","Signed."\n')
    write("ag_news/test.csv", TEST)
    with pytest.raises(DataInvalid, match="at least two classes to train on; received World"):
        read(tmp_path)
