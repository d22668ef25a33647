"""What the paths of TensorFlow Serving's REST name.

After tensorflow/serving, tensorflow_serving/model_servers/http_rest_api_util.cc, whose case does not matter either.
"""

import re
from collections.abc import Mapping

from app.errors import InputInvalid
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel

_MODEL = r"/v1/models/(?P<model>[^/:]+)(?:/versions/(?P<version>[0-9]+)|/labels/(?P<label>[^/:]+))?"
_ASKING = re.compile(rf"{_MODEL}:(?P<method>classify|regress|predict)", re.IGNORECASE)
_TELLING = re.compile(rf"{_MODEL}(?:/(?P<method>metadata))?", re.IGNORECASE)

Named = Mapping[str, str]
"""What a path names, by `model`, `version`, `label` and `method`; what it does not name is not there."""


def asked_by(path: str) -> Named | None:
    """What the path of a prediction names; None for any other path."""
    return _named(_ASKING.fullmatch(path))


def told_by(path: str) -> Named | None:
    """What the path of a model's status or metadata names; None for any other path."""
    return _named(_TELLING.fullmatch(path))


def route_of(named: Named) -> str:
    """What metrics and the log call a path: nothing that a client made up."""
    place = "/versions/{version}" if "version" in named else "/labels/{label}" if "label" in named else ""
    method = named.get("method", "")
    return f"/v1/models/{{model}}{place}{'/metadata' if method == 'metadata' else f':{method}' if method else ''}"


def version_of(registry: Registry, named: Named) -> int | None:
    """The version that a path pins, by its number or by a label; None where it pins none.

    Raises `ModelNotFound` and `NotReady` for a model that is not served, `InputInvalid` for a number that no version
    has, and, as TensorFlow Serving does, for a label that the model does not have.
    """
    if "label" in named:
        labels = registry.labels(named["model"])
        if named["label"] not in labels:
            known = ", ".join(sorted(labels)) or "none, for it has none"
            raise InputInvalid.at("", f"a label of {named['model']}: {known}", repr(named["label"][:64]))
        return labels[named["label"]]
    version = named.get("version")
    if version is not None and len(version) > 18:
        raise InputInvalid.at("", "a version's number in the path", repr(version[:64]))
    return None if version is None else int(version)


def find_model(registry: Registry, named: Named) -> ServedModel:
    """The model and version that a path names; raises as `version_of`, and `ModelNotFound`."""
    return registry.resolve(named["model"], version_of(registry, named))


def _named(match: re.Match[str] | None) -> Named | None:
    """The groups that matched; the method in lower case."""
    if match is None:
        return None
    named = {key: text for key, text in match.groupdict().items() if text is not None}
    if "method" in named:
        named["method"] = named["method"].lower()
    return named
