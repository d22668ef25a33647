"""Which model versions lie in a folder."""

import os
from pathlib import Path

import pytest

from app.repository.scanner import Failure, VersionFolder, scan


@pytest.fixture
def make(tmp_path):
    """Makes folders."""

    def make(*names: str) -> None:
        for name in names:
            (tmp_path / name).mkdir(parents=True)

    return make


def test_versions_come_newest_first_by_number(tmp_path, make):
    make("net/2", "net/10", "net/1", "other/7")
    found, failures = scan(tmp_path)
    assert list(found) == ["net", "other"]
    assert found["net"][0] == VersionFolder("net", 10, tmp_path / "net" / "10")
    assert [folder.version for folder in found["net"]] == [10, 2, 1]
    assert failures == []


def test_what_is_no_version_is_passed_over(tmp_path, make):
    make("net/1", "net/.2.partial", "net/0", "net/01", "net/v2", "net/-1", "net/1٣", "net/" + "9" * 19, ".hidden/1")
    (tmp_path / "net" / "3").write_text("a file")
    (tmp_path / "README.md").write_text("a file")
    found, failures = scan(tmp_path)
    assert {name: [folder.version for folder in folders] for name, folders in found.items()} == {"net": [1]}
    assert failures == []


def test_a_folder_without_versions_is_reported(tmp_path, make):
    make("empty/latest", "net/1")
    found, failures = scan(tmp_path)
    assert list(found) == ["net"]
    assert failures == [Failure("empty", "expected a version folder, such as 1/; received none")]


@pytest.mark.parametrize("name", ["Upper", "with space", "é", "-dash", "x" * 65, "line\n"])
def test_a_name_that_no_url_could_carry_is_reported(tmp_path, make, name):
    make(f"{name}/1", "net/1")
    found, failures = scan(tmp_path)
    assert list(found) == ["net"]
    assert [failure.folder for failure in failures] == [name]
    assert "expected a name of" in failures[0].reason


def test_a_name_that_is_no_text_is_reported_as_text(tmp_path, make):
    make("net/1")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff")).mkdir()
    _, failures = scan(tmp_path)
    assert [failure.folder.encode() for failure in failures] == [b"\\udcff"]


def test_a_folder_that_cannot_be_read_is_reported_and_the_others_are_found(tmp_path, make):
    make("net/1", "locked/1")

    class Locked(type(tmp_path)):
        """A folder whose owner lets nobody in: a test that runs as root could read any other."""

        def iterdir(self):
            if self.name == "locked":
                raise PermissionError(13, "Permission denied", str(self))
            return super().iterdir()

    found, failures = scan(Locked(tmp_path))
    assert list(found) == ["net"]
    assert [failure.folder for failure in failures] == ["locked"]
    assert "Permission denied" in failures[0].reason
