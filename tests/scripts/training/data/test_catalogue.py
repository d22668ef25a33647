import hashlib

import pytest

from app.labelled.errors import DataError, DataInvalid, DataMissing
from app.labelled.problems import Problem
from scripts.training.data import ag_news
from scripts.training.data.catalogue import PUBLIC_SETS, PublicSet, load_dataset, load_datasets, load_public
from scripts.training.data.fetching import Original

TRAIN = '"1","Vote","Talks go on."\n"2","Goal","Late."\n'
TEST = '"3","Oil","Up."\n'


@pytest.fixture
def news(write, tmp_path):
    write("data/ag_news/train.csv", TRAIN)
    write("data/ag_news/test.csv", TEST)
    return tmp_path / "data"


@pytest.fixture
def public(origin):
    """AG News as it is, its originals being on loopback."""
    origin.files.update({"/train.csv": TRAIN.encode(), "/test.csv": TEST.encode()})
    originals = tuple(
        Original(origin.url + path, path[1:], f"sha256:{hashlib.sha256(content).hexdigest()}")
        for path, content in origin.files.items()
    )
    return PublicSet("ag_news", ag_news.read, originals)


def test_a_public_set_is_read_from_the_folder_that_holds_it(news):
    assert load_dataset("ag_news", news, None).train.targets.tolist() == [0, 1]


def test_the_four_public_sets_have_an_origin_and_a_known_hash_each():
    assert list(PUBLIC_SETS) == ["mnist", "imdb", "ag_news", "chinese_sentiment", "rated_sentences"]
    lengths = {"md5": 32, "sha256": 64}
    for public in PUBLIC_SETS.values():
        for original in public.originals:
            algorithm, _, digest = original.checksum.partition(":")
            assert len(bytes.fromhex(digest)) * 2 == lengths[algorithm]
            assert original.url.startswith("https://")


def test_texts_of_the_users_own_are_named_by_their_folder(tmp_path, write):
    write("mine/train.txt", "fine\tgood\nawful\tbad\n")
    write("mine/test.txt", "finer\tgood\n")
    assert load_dataset(f"texts:{tmp_path / 'mine'}", None).labels == ("bad", "good")


def test_images_of_the_users_own_are_named_by_their_folder(tmp_path, write, picture):
    for label, stroke in (("one", 3), ("seven", 14)):
        write(f"mine/train/{label}/a.png", picture(stroke))
        write(f"mine/test/{label}/a.png", picture(stroke, 48))
    assert load_dataset(f"images:{tmp_path / 'mine'}", None).labels == ("one", "seven")


def test_a_users_folder_is_relative_to_the_working_directory(tmp_path, write, monkeypatch):
    write("mine/train.txt", "fine\tgood\nawful\tbad\n")
    write("mine/test.txt", "finer\tgood\n")
    monkeypatch.chdir(tmp_path)
    assert load_dataset("texts:mine", None).name == "mine"


@pytest.mark.parametrize(("name", "hint"), [("agnews", "did you mean ag_news"), ("text:x", "texts:<folder>")])
def test_an_unknown_name_is_an_error_with_the_nearest(name, hint):
    with pytest.raises(DataError, match=f"received '{name}'|{hint}") as raised:
        load_dataset(name, None)
    assert hint in str(raised.value)


def test_a_set_that_the_folder_lacks_is_fetched_once(public, origin, tmp_path):
    for _ in range(2):
        assert load_public(public, tmp_path / "data", tmp_path / "cache").test.targets.tolist() == [2]
    assert origin.asked == ["/train.csv", "/test.csv"]


def test_a_set_is_fetched_where_no_folder_is_named(public, tmp_path):
    assert load_public(public, None, tmp_path / "cache").train.targets.tolist() == [0, 1]


def test_nothing_is_fetched_where_the_folder_has_it(public, origin, news, tmp_path):
    load_public(public, news, tmp_path / "cache")
    assert origin.asked == []
    assert not (tmp_path / "cache").exists()


def test_nothing_is_fetched_without_a_cache(public, origin, tmp_path):
    with pytest.raises(DataMissing, match=r"lacks test\.csv.*or allow a cache"):
        load_public(public, tmp_path, None)
    with pytest.raises(DataMissing, match=r"no folder that holds ag_news/ was named"):
        load_public(public, None, None)
    assert origin.asked == []


def test_what_cannot_be_fetched_is_an_error_that_says_what_where_and_how(public, origin, tmp_path):
    origin.files.clear()
    with pytest.raises(DataMissing) as raised:
        load_public(public, tmp_path / "data", tmp_path / "cache")
    message = str(raised.value)
    assert f"{tmp_path / 'data' / 'ag_news'} lacks test.csv" in message
    assert "404" in message
    assert "name a folder that has the files, or run once where the network reaches" in message
    assert all(original.url in message for original in public.originals)


def test_a_test_row_that_any_training_part_has_too_is_left_out_and_counted(tmp_path, write):
    write("one/train.txt", "fine\tgood\nawful\tbad\n")
    write("one/test.txt", "so so\tbad\nFine!\tgood\nnew\tgood\n")
    write("two/train.txt", "So so!\tbad\ngrand\tgood\n")
    write("two/test.txt", "Awful!\tbad\nworse\tbad\n")
    one, two = load_datasets([f"texts:{tmp_path / name}" for name in ("one", "two")], None)
    assert (one.test.inputs, two.test.inputs) == (["new"], ["worse"])
    assert [problem.place for problem in one.problems] == ["one, test row 1", "one, test row 2"]
    assert two.problems == (Problem("two, test row 1", "the training part has it too"),)
    assert (one.train.inputs, two.train.inputs) == (["fine", "awful"], ["So so!", "grand"])


def test_a_test_part_that_training_has_as_a_whole_is_an_error(tmp_path, write):
    write("mine/train.txt", "fine\tgood\nawful\tbad\n")
    write("mine/test.txt", "fine\tgood\n")
    with pytest.raises(DataInvalid, match="mine: expected rows to test on"):
        load_dataset(f"texts:{tmp_path / 'mine'}", None)
