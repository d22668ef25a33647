"""Whether this process should be sent requests, in a word and in a sentence."""

from typing import Literal

from app.lifecycle.registry import Registry


class Readiness:
    """Ready once loading is over, something is served and every required model is; not while draining."""

    def __init__(self, registry: Registry, required: tuple[str, ...]) -> None:
        self.registry = registry
        self.is_draining = False
        self._required = required

    def missing(self) -> str:
        """What stands in the way of being ready; empty when nothing does."""
        if self.is_draining:
            return "the server is draining"
        if self.registry.is_loading:
            return "models are still being loaded"
        names = self.registry.names()
        if not names:
            return "no model is served"
        absent = [name for name in self._required if name not in names]
        return f"required, but not served: {', '.join(absent)}" if absent else ""

    def status(self) -> Literal["ready", "degraded", "loading", "draining", "not_ready"]:
        """The same in a word."""
        if self.is_draining:
            return "draining"
        if self.registry.is_loading:
            return "loading"
        if self.missing():
            return "not_ready"
        return "degraded" if self.registry.failures else "ready"
