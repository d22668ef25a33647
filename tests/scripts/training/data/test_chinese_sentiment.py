import zipfile

import pytest

from app.labelled.content import content_of
from app.labelled.errors import DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data.chinese_sentiment import read

MARK = "\ufeff"


def hotel_rows(rows=40):
    return "label,review\n" + "".join(f"{row % 2},酒店很{'好' if row % 2 else '差'}{row}\n" for row in range(rows))


def shopping_rows(rows=60):
    return "cat,label,review\n" + "".join(f'书籍,{row % 2},"书，第{row}本"\n' for row in range(rows))


@pytest.fixture
def folder(tmp_path, write):
    """Both sets, one with a byte order mark, the other in a zip file, as they come."""
    write("chinese_sentiment/ChnSentiCorp_htl_all.csv.gz", MARK + hotel_rows())
    with zipfile.ZipFile(tmp_path / "chinese_sentiment" / "online_shopping_10_cats.zip", "w") as archive:
        archive.writestr("online_shopping_10_cats.csv", shopping_rows())
    return tmp_path


def test_both_sets_are_read_and_a_tenth_is_held_out(folder):
    reviews = read(folder)
    assert reviews.labels == ("negative", "positive")
    assert (len(reviews.train.targets), len(reviews.test.targets)) == (90, 10)
    assert reviews.problems == ()
    position = reviews.train.inputs.index("酒店很好1")
    assert reviews.train.targets[position] == 1


def test_the_same_rows_are_held_out_each_time(folder):
    assert read(folder).test.inputs == read(folder).test.inputs


def test_repeated_reviews_stay_on_one_side(folder, write):
    write("chinese_sentiment/ChnSentiCorp_htl_all.csv.gz", hotel_rows() + hotel_rows().partition("\n")[2])
    reviews = read(folder)
    train, test = ({content_of(text) for text in part.inputs} for part in (reviews.train, reviews.test))
    assert not train & test


def test_an_empty_review_is_counted_and_named(folder, write):
    write("chinese_sentiment/ChnSentiCorp_htl_all.csv.gz", hotel_rows() + "1,\n")
    assert read(folder).problems == (Problem("chinese_sentiment/ChnSentiCorp_htl_all.csv.gz:42", "empty text"),)


def test_a_lacking_file_is_named(folder):
    (folder / "chinese_sentiment" / "online_shopping_10_cats.zip").unlink()
    with pytest.raises(DataMissing, match=r"lacks online_shopping_10_cats\.csv"):
        read(folder)


def test_files_changed_for_one_another_are_an_error(folder, write):
    write("chinese_sentiment/ChnSentiCorp_htl_all.csv.gz", shopping_rows())
    with pytest.raises(DataInvalid, match=r"expected the header label,review .*received 'cat,label,review'"):
        read(folder)
