import hashlib
import json

import pytest

from scripts.training.data import fetching
from scripts.training.data.fetching import MARKER, FetchFailed, Original, fetch, is_complete

TRAIN, TEST = b"1,a\n" * 1000, b"0,b\n" * 1000


@pytest.fixture
def originals(origin):
    origin.files.update({"/train.csv": TRAIN, "/test.csv": TEST})
    return (
        Original(f"{origin.url}/train.csv", "train.csv", f"sha256:{hashlib.sha256(TRAIN).hexdigest()}"),
        Original(f"{origin.url}/test.csv", "test.csv", f"md5:{hashlib.md5(TEST).hexdigest()}"),
    )


def test_every_file_is_fetched_and_the_marker_tells_of_them(originals, tmp_path):
    folder = fetch("news", originals, tmp_path / "cache")
    assert folder == tmp_path / "cache" / "news"
    assert (folder / "train.csv").read_bytes() == TRAIN
    assert (folder / "test.csv").read_bytes() == TEST
    assert set(json.loads((folder / MARKER).read_text())) == {"train.csv", "test.csv"}
    assert is_complete(folder, originals)


def test_nothing_else_is_left_in_the_folder(originals, tmp_path):
    folder = fetch("news", originals, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "test.csv", "train.csv"]


def test_a_complete_folder_is_not_fetched_again(originals, origin, tmp_path):
    fetch("news", originals, tmp_path)
    fetch("news", originals, tmp_path)
    assert origin.asked == ["/train.csv", "/test.csv"]


def test_a_fetch_that_fails_half_way_is_not_taken_for_a_whole_one(originals, origin, tmp_path):
    del origin.files["/test.csv"]
    with pytest.raises(FetchFailed, match=r"/test\.csv failed.*404"):
        fetch("news", originals, tmp_path)
    assert sorted(path.name for path in (tmp_path / "news").iterdir()) == ["train.csv"]
    assert not is_complete(tmp_path / "news", originals)


def test_a_fetch_goes_on_where_the_last_one_failed(originals, origin, tmp_path):
    del origin.files["/test.csv"]
    with pytest.raises(FetchFailed):
        fetch("news", originals, tmp_path)
    origin.files["/test.csv"] = TEST
    assert is_complete(fetch("news", originals, tmp_path), originals)
    assert origin.asked.count("/train.csv") == 1


def test_another_file_than_the_original_is_refused_and_not_kept(originals, origin, tmp_path):
    origin.files["/train.csv"] = b"<html>Please log in</html>"
    with pytest.raises(FetchFailed, match=r"expected .*/train\.csv to have sha256:.*another file of 26 bytes"):
        fetch("news", originals, tmp_path)
    assert list((tmp_path / "news").iterdir()) == []


def test_a_file_that_was_damaged_later_is_fetched_again(originals, origin, tmp_path):
    folder = fetch("news", originals, tmp_path)
    (folder / "test.csv").write_bytes(TEST[:100])
    assert not is_complete(folder, originals)
    fetch("news", originals, tmp_path)
    assert (folder / "test.csv").read_bytes() == TEST
    assert origin.asked == ["/train.csv", "/test.csv", "/test.csv"]


@pytest.mark.parametrize("marker", ["", "not JSON", "{}", '{"train.csv": "sha256:0"}'])
def test_a_marker_of_something_else_counts_as_none(originals, tmp_path, marker):
    folder = fetch("news", originals, tmp_path)
    (folder / MARKER).write_text(marker)
    assert not is_complete(folder, originals)


def test_files_without_a_marker_are_not_complete(originals, tmp_path):
    folder = fetch("news", originals, tmp_path)
    (folder / MARKER).unlink()
    assert not is_complete(folder, originals)
    assert is_complete(fetch("news", originals, tmp_path), originals)


def test_an_origin_that_cannot_be_reached_is_an_error_of_ours(tmp_path, unused_tcp_port):
    original = Original(f"http://127.0.0.1:{unused_tcp_port}/a.csv", "a.csv", "sha256:0")
    with pytest.raises(FetchFailed, match=f"127.0.0.1:{unused_tcp_port}/a.csv failed"):
        fetch("news", [original], tmp_path)


def test_a_fetch_past_its_deadline_ends(originals, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "DEADLINE_SECONDS", -1.0)
    with pytest.raises(FetchFailed, match="took longer"):
        fetch("news", originals, tmp_path)
    assert list((tmp_path / "news").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_an_error_of_ours(originals, tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.raises(FetchFailed, match=r"expected to keep news in .*name another cache"):
        fetch("news", originals, tmp_path / "cache")
