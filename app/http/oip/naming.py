"""Models as the protocol's paths name them."""

from collections.abc import Mapping

from app.errors import InputInvalid
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel


def find_model(registry: Registry, named: Mapping[str, str]) -> ServedModel:
    """The model and version that a path names; raises `ModelNotFound`, `NotReady` and `InputInvalid`."""
    version = named.get("version")
    if version is None:
        return registry.resolve(named["model"])
    if not (version.isascii() and version.isdigit() and len(version) <= 18):
        raise InputInvalid.at("", "a version's number in the path", repr(version[:64]))
    return registry.resolve(named["model"], int(version))
