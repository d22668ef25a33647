"""What is served now: names and versions to living models, and what could not be loaded."""

import difflib
from collections.abc import Iterator, Mapping

from app.errors import ModelNotFound, NotReady
from app.lifecycle.served_model import ServedModel
from app.repository.scanner import Failure


class Registry:
    """The models of one process; belongs to its event loop."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.is_loading = True
        self._versions: dict[str, dict[int, ServedModel]] = {}
        self._defaults: dict[str, int] = {}
        self._labels: dict[str, Mapping[str, int]] = {}

    def __iter__(self) -> Iterator[ServedModel]:
        """Every served version, by name, newest first."""
        for name in sorted(self._versions):
            for version in sorted(self._versions[name], reverse=True):
                yield self._versions[name][version]

    def add(self, name: str, models: list[ServedModel], default: int, labels: Mapping[str, int]) -> None:
        """Serve these versions of one model; `default` answers unpinned requests."""
        self._versions[name] = {model.version: model for model in models}
        self._defaults[name] = default
        self._labels[name] = labels

    def names(self) -> list[str]:
        """The served names."""
        return sorted(self._versions)

    def versions(self, name: str) -> list[ServedModel]:
        """The served versions of a model, newest first; raises `ModelNotFound`."""
        versions = self._of(name)
        return [versions[version] for version in sorted(versions, reverse=True)]

    def labels(self, name: str) -> Mapping[str, int]:
        """The labels of a model and the versions that they name; raises `ModelNotFound`."""
        self._of(name)
        return self._labels[name]

    def resolve(self, name: str, version: int | None = None, label: str | None = None) -> ServedModel:
        """The version that a request means: the pinned one, the labelled one, or the default.

        Raises `ModelNotFound`, or `NotReady` while models are still being loaded.
        """
        versions = self._of(name)
        if label is not None:
            labels = self._labels[name]
            if label not in labels:
                known = ", ".join(sorted(labels)) or "none"
                raise ModelNotFound(f"{name} has no label {label[:64]!r}; its labels: {known}")
            version = labels[label]
        if version is None:
            version = self._defaults[name]
        if version not in versions:
            served = ", ".join(str(number) for number in sorted(versions))
            raise ModelNotFound(f"version {version} of {name} is not served; served: {served}")
        return versions[version]

    def default_version(self, name: str) -> int:
        """The version that answers unpinned requests; raises `ModelNotFound`."""
        self._of(name)
        return self._defaults[name]

    def clear(self) -> list[ServedModel]:
        """Serve nothing more; what was served is the caller's to close."""
        models = list(self)
        self._versions.clear()
        return models

    def _of(self, name: str) -> dict[int, ServedModel]:
        """A model's versions; raises `ModelNotFound`, or `NotReady` while it may still come."""
        if name in self._versions:
            return self._versions[name]
        if self.is_loading:
            raise NotReady(f"models are still being loaded, {name} may be among them", retry_after_seconds=1.0)
        nearest = difflib.get_close_matches(name, self._versions, 1)
        known = f"did you mean {nearest[0]!r}?" if nearest else f"served: {', '.join(self.names()) or 'none'}"
        raise ModelNotFound(f"no model is called {name[:64]!r}; {known}")
