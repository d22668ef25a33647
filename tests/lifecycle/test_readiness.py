"""Whether this process should be sent requests."""

import pytest

from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.repository.scanner import Failure


@pytest.fixture
def registry():
    """Serves `topic`, loading over."""
    registry = Registry()
    registry.add("topic", [], 1, {})
    registry.is_loading = False
    return registry


def test_ready_once_what_is_required_is_served(registry):
    readiness = Readiness(registry, ("topic",))
    assert (readiness.status(), readiness.missing()) == ("ready", "")


def test_not_before_loading_is_over(registry):
    registry.is_loading = True
    readiness = Readiness(registry, ())
    assert (readiness.status(), readiness.missing()) == ("loading", "models are still being loaded")


def test_not_while_nothing_is_served():
    registry = Registry()
    registry.is_loading = False
    readiness = Readiness(registry, ())
    assert (readiness.status(), readiness.missing()) == ("not_ready", "no model is served")


def test_not_while_something_required_is_missing(registry):
    readiness = Readiness(registry, ("digit", "topic", "sentiment"))
    assert (readiness.status(), readiness.missing()) == (
        "not_ready",
        "required, but not served: digit, sentiment",
    )


def test_not_while_draining(registry):
    readiness = Readiness(registry, ())
    readiness.is_draining = True
    assert (readiness.status(), readiness.missing()) == ("draining", "the server is draining")


def test_a_broken_folder_degrades_and_does_not_stop(registry):
    registry.failures.append(Failure("digit/1", "broken"))
    readiness = Readiness(registry, ("topic",))
    assert (readiness.status(), readiness.missing()) == ("degraded", "")
