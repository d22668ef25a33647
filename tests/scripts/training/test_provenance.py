import re

from scripts.training.provenance import code_version, command_of, hardware, libraries


def test_the_command_is_told_without_places_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = command_of("scripts.train", ["recipes/a.toml", "--data", str(tmp_path.parent / "my data"), "--resume"])
    assert told == "python -m scripts.train recipes/a.toml --data '../my data' --resume"


def test_commit_machine_and_libraries_are_told():
    assert re.fullmatch(r"[0-9a-f]{40}|None", str(code_version()["commit"]))
    assert hardware("CPU")["cores"] >= 1
    assert {"python", "numpy"} <= set(libraries())
