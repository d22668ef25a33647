import hashlib
import importlib

import pytest

from scripts.training.installed_files import check_sha256, path_in
from scripts.training.recipe import RecipeInvalid


@pytest.fixture
def brought(tmp_path, monkeypatch):
    """The file `data/numbers` of the package `brings_a_file`, whose second place alone has it."""
    for place in ("first", "second"):
        (tmp_path / place / "brings_a_file").mkdir(parents=True)
        monkeypatch.syspath_prepend(tmp_path / place)
    path = tmp_path / "second" / "brings_a_file" / "data" / "numbers"
    path.parent.mkdir()
    path.write_bytes(b"1 2 3")
    importlib.invalidate_caches()
    return path


def test_a_file_or_folder_is_found_in_whichever_place_of_the_package_has_it(brought):
    assert path_in("brings_a_file", "data/numbers") == brought
    assert path_in("brings_a_file", "data") == brought.parent


def test_nothing_is_found_where_the_package_has_no_such_file_or_is_none(brought):
    assert path_in("brings_a_file", "data/words") is None
    assert path_in("no_such_package", "data/numbers") is None
    assert path_in("hashlib", "data/numbers") is None


def test_a_package_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "fails_at_import").mkdir()
    (tmp_path / "fails_at_import" / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    assert path_in("fails_at_import", "__init__.py") == tmp_path / "fails_at_import" / "__init__.py"


def test_a_file_with_the_recipes_checksum_or_with_none_asked_for_passes(brought):
    check_sha256(brought, None, "vectors.sha256", "install another")
    check_sha256(brought, hashlib.sha256(b"1 2 3").hexdigest(), "vectors.sha256", "install another")


def test_another_file_than_the_recipes_is_refused_with_both_checksums_and_the_advice(brought):
    received = hashlib.sha256(b"1 2 3").hexdigest()
    message = rf"^vectors.sha256: expected 0{{64}} of .*numbers; received {received}; install another$"
    with pytest.raises(RecipeInvalid, match=message):
        check_sha256(brought, "0" * 64, "vectors.sha256", "install another")
