"""Which versions of a model there are, and why some do not answer."""

from types import SimpleNamespace

import pytest

from app.errors import ModelNotFound, NotReady
from app.lifecycle.registry import Registry
from app.lifecycle.version_states import VersionState, states_of
from app.repository.scanner import Failure


@pytest.fixture
def registry() -> Registry:
    """Serves `a` 2 and 4; `a` 3, `a` itself and `b` 1 could not be loaded."""
    registry = Registry()
    registry.is_loading = False
    registry.add("a", [SimpleNamespace(version=number) for number in (2, 4)], 4, {})
    registry.failures += [Failure("a/3", "broken"), Failure("a", "unreadable"), Failure("b/1", "empty")]
    return registry


def test_every_version_is_told_newest_first(registry: Registry) -> None:
    assert states_of(registry, "a") == [VersionState(4), VersionState(3, "broken"), VersionState(2)]
    assert states_of(registry, "b") == [VersionState(1, "empty")]


def test_one_version_is_told_alone(registry: Registry) -> None:
    assert states_of(registry, "a", 2) == [VersionState(2)]
    assert states_of(registry, "a", 3) == [VersionState(3, "broken")]


@pytest.mark.parametrize(("name", "version"), [("a", 9), ("b", 9), ("c", None)])
def test_what_is_not_there_is_not_found(registry: Registry, name: str, version: int | None) -> None:
    with pytest.raises(ModelNotFound):
        states_of(registry, name, version)


def test_a_model_may_still_come_while_models_are_loaded(registry: Registry) -> None:
    registry.is_loading = True
    with pytest.raises(NotReady):
        states_of(registry, "c")
