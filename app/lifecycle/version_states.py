"""Every version of a model: those that answer, and those that could not be loaded."""

from typing import NamedTuple

from app.errors import ModelNotFound
from app.lifecycle.registry import Registry


class VersionState(NamedTuple):
    """One version; `failure` says why it could not be loaded, and is empty where it answers."""

    version: int
    failure: str = ""


def states_of(registry: Registry, name: str, version: int | None = None) -> list[VersionState]:
    """The versions of a model, newest first, or the one that is asked for.

    Raises `ModelNotFound` where there is nothing to tell, `NotReady` while that may still come.
    """
    states = {state.version: state for state in (*_failed(registry, name), *_served(registry, name))}
    if not states or (version is not None and version not in states):
        registry.resolve(name, version)  # says what there is
    asked = states if version is None else (version,)
    return [states[number] for number in sorted(asked, reverse=True)]


def _served(registry: Registry, name: str) -> list[VersionState]:
    """The versions that answer."""
    try:
        return [VersionState(model.version) for model in registry.versions(name)]
    except ModelNotFound:
        return []


def _failed(registry: Registry, name: str) -> list[VersionState]:
    """The versions that could not be loaded."""
    failed = []
    for failure in registry.failures:
        model, _, version = failure.folder.partition("/")
        if model == name and version.isdecimal():
            failed.append(VersionState(int(version), failure.reason))
    return failed
