import pytest

from app.repository.versions import VersionTaken, staged, version_folder


def test_the_next_version_is_one_above_the_highest(tmp_path):
    assert version_folder(tmp_path, "m", None) == tmp_path / "m" / "1"
    for name in ("2", "10", ".11.partial", "notes"):
        (tmp_path / "m" / name).mkdir(parents=True)
    assert version_folder(tmp_path, "m", None).name == "11"
    assert version_folder(tmp_path, "m", 3).name == "3"


def test_a_version_is_never_overwritten(tmp_path):
    (tmp_path / "m" / "2").mkdir(parents=True)
    with pytest.raises(VersionTaken, match="exists; name another --version"):
        version_folder(tmp_path, "m", 2)


def test_a_version_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "m" / "1"
    with staged(target) as folder:
        (folder / "a").write_text("x")
        assert not target.exists()
    assert [path.name for path in target.parent.iterdir()] == ["1"]
    assert (target / "a").read_text() == "x"


def test_what_fails_half_way_leaves_nothing(tmp_path):
    with pytest.raises(IsADirectoryError), staged(tmp_path / "m" / "1") as folder:
        folder.write_text("a folder is no file")
    assert list(tmp_path.iterdir()) == []


def test_what_fails_half_way_leaves_the_other_versions(tmp_path):
    (tmp_path / "m" / "1").mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt), staged(tmp_path / "m" / "2"):
        raise KeyboardInterrupt
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["1"]


def test_what_an_earlier_crash_left_is_cleared(tmp_path):
    (tmp_path / "m" / ".1.partial").mkdir(parents=True)
    (tmp_path / "m" / ".1.partial" / "old").touch()
    (tmp_path / "m" / ".1.partial" / "variables").mkdir()
    with staged(tmp_path / "m" / "1"):
        pass
    assert list((tmp_path / "m" / "1").iterdir()) == []


def test_two_commands_do_not_write_the_same_version(tmp_path):
    target = tmp_path / "m" / "1"
    with staged(target) as folder:
        (folder / "mine").touch()
        with pytest.raises(VersionTaken, match="another command is writing"), staged(target):
            pass
    assert [path.name for path in target.iterdir()] == ["mine"]


def test_a_version_that_came_meanwhile_is_kept(tmp_path):
    target = tmp_path / "m" / "1"
    with pytest.raises(VersionTaken, match="exists"), staged(target):
        target.mkdir()
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["1"]
