"""What a page's file is, and what `Accept-Encoding` and `If-None-Match` say."""

import gzip
from pathlib import Path

import pytest

from app.http.assets import accepts_gzip, read_asset, tags_of


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        (["gzip, deflate, br"], True),
        (["br", "GZIP;q=0.5"], True),
        (["*"], True),
        (["br;q=1, *;q=0.1"], True),
        (["gzip;q=1.0"], True),
        (["gzip; q=0.000"], False),
        (["gzip;q=0, *"], False),
        (["*;q=0"], False),
        (["br, identity"], False),
        ([""], False),
        ([], False),
    ],
)
def test_gzip_is_sent_only_to_those_who_take_it(headers: list[str], accepted: bool) -> None:
    assert accepts_gzip(headers) is accepted


@pytest.mark.parametrize(
    ("headers", "tags"),
    [
        (['W/"a"'], {'W/"a"'}),
        (['"a", W/"b,c"', '"d"'], {'W/"a"', 'W/"b,c"', 'W/"d"'}),
        (["*"], set()),
        (['"'], {'W/""'}),
        ([], set()),
    ],
)
def test_tags_are_compared_weakly(headers: list[str], tags: set[str]) -> None:
    assert tags_of(headers) == tags


def test_a_file_is_compressed_the_same_way_each_time(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>hello</p>" * 100)
    asset = read_asset(path)
    assert gzip.decompress(asset.compressed) == asset.content == path.read_bytes()
    assert asset == read_asset(path)


def test_another_content_has_another_tag(tmp_path: Path) -> None:
    tags = set()
    for content in ("a", "b"):
        (tmp_path / "x.js").write_text(content)
        tags.add(read_asset(tmp_path / "x.js").etag)
    assert len(tags) == 2


@pytest.mark.parametrize("name", ["short.js", "picture.png"])
def test_what_gzip_would_not_make_smaller_stays_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"1")
    assert read_asset(tmp_path / name).compressed == b""
