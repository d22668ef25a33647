"""What is opened is closed, and SIGTERM is heard at once, whatever the process is doing."""

import asyncio
import gc
import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from app.lifecycle.loader import Loader
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.lifespan import Port, make_lifespan
from app.observability.metrics import Metrics
from app.settings import Settings


class Parts:
    """What a lifespan is made of, over one models folder."""

    def __init__(self, models: Path, loader: type[Loader] = Loader, **settings: float) -> None:
        self.settings = Settings(models_dir=models, **settings)
        self.registry = Registry()
        self.metrics = Metrics(CollectorRegistry())
        self.readiness = Readiness(self.registry, ())
        self.loader = loader(models, self.registry, self.metrics, max_queue_rows=8)

    def lifespan(self, port: Port | None = None) -> object:
        return make_lifespan(self.settings, self.loader, self.readiness, self.metrics, None, port=port)(FastAPI())

    def ready(self) -> float | None:
        return self.metrics.registry.get_sample_value("horngate_ready")


class RecordingPort:
    """Remembers what it was told, and of how many models it knew then."""

    def __init__(self, registry: Registry) -> None:
        self.heard: list[tuple[str, int]] = []
        self._registry = registry

    async def open(self) -> None:
        self.heard.append(("open", len(self._registry.names())))

    def readiness_changed(self) -> None:
        self.heard.append(("changed", len(self._registry.names())))

    async def close(self, drain_seconds: float) -> None:
        self.heard.append((f"close within {drain_seconds:g} s", len(self._registry.names())))


class Terminated(asyncio.Event):
    """Set once SIGTERM reaches whoever handled it before the lifespan did."""

    def __call__(self, number: int, frame: object) -> None:
        self.set()


@pytest.fixture
def terminated() -> Iterator[Terminated]:
    """The former handler of SIGTERM."""
    heard = Terminated()
    previous = signal.signal(signal.SIGTERM, heard)
    yield heard
    signal.signal(signal.SIGTERM, previous)


async def test_models_are_loaded_before_the_first_request_and_closed_after_the_last(tiny_models: Path) -> None:
    parts = Parts(tiny_models)
    async with parts.lifespan():
        assert parts.registry.names() == ["adder", "digit", "sentiment", "topic"]
        assert parts.readiness.status() == "ready"
        assert parts.ready() == 1
        assert gc.get_freeze_count() > 0
        model = parts.registry.resolve("sentiment")
    assert parts.registry.names() == []
    assert parts.readiness.status() == "draining"
    assert gc.get_freeze_count() == 0
    assert model.pool._runtimes[0]._session is None


async def test_sigterm_is_passed_on_after_the_delay_and_means_not_ready_at_once(
    tiny_models: Path, terminated: Terminated
) -> None:
    parts = Parts(tiny_models, drain_delay_seconds=0.05)
    async with parts.lifespan():
        signal.raise_signal(signal.SIGTERM)
        assert parts.readiness.missing() == "the server is draining"
        assert not terminated.is_set()
        await terminated.wait()
        assert parts.ready() == 0


async def test_sigterm_waits_for_no_lock_that_the_process_holds(tiny_models: Path, terminated: Terminated) -> None:
    parts = Parts(tiny_models)
    async with parts.lifespan():
        with parts.metrics._ready._value._lock:
            signal.raise_signal(signal.SIGTERM)
        await terminated.wait()
        assert parts.ready() == 0


async def test_the_signal_belongs_to_its_former_owner_again_afterwards(
    tiny_models: Path, terminated: Terminated
) -> None:
    async with Parts(tiny_models).lifespan():
        pass
    signal.raise_signal(signal.SIGTERM)
    assert terminated.is_set()


async def test_a_process_without_a_handler_only_drains(tiny_models: Path) -> None:
    parts = Parts(tiny_models)
    async with parts.lifespan():
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)
        assert parts.readiness.status() == "draining"


def test_beside_the_main_thread_no_signal_is_touched(tiny_models: Path) -> None:
    async def run() -> None:
        async with Parts(tiny_models).lifespan():
            assert signal.getsignal(signal.SIGTERM) is handler

    handler = signal.getsignal(signal.SIGTERM)
    asyncio.run(asyncio.wait_for(asyncio.to_thread(asyncio.run, run()), 20))


class Failing(Loader):
    """A loader with a fault of its own."""

    async def load_all(self) -> None:
        raise ZeroDivisionError("a fault of ours")


async def test_a_loader_that_fails_is_in_the_log_and_the_process_is_not_ready(
    tiny_models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    parts = Parts(tiny_models, Failing)
    async with parts.lifespan():
        assert parts.readiness.missing()
    (record,) = caplog.records
    assert record.getMessage() == "loading failed"
    assert "a fault of ours" in caplog.text


class Endless(Loader):
    """A loader that never comes to an end."""

    async def load_all(self) -> None:
        await asyncio.Event().wait()


async def test_a_process_that_ends_while_it_loads_does_not_wait(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.lifespan.LISTEN_AFTER_SECONDS", 0.0)
    parts = Parts(tiny_models, Endless)
    async with asyncio.timeout(20):
        async with parts.lifespan():
            assert parts.readiness.missing() == "models are still being loaded"


async def test_another_port_is_open_while_there_are_models_and_told_of_the_end(
    tiny_models: Path, terminated: Terminated
) -> None:
    parts = Parts(tiny_models, drain_seconds=3)
    port = RecordingPort(parts.registry)
    async with parts.lifespan(port):
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        await terminated.wait()
    assert port.heard == [("open", 4), ("changed", 4), ("changed", 4), ("close within 3 s", 4)]
