"""How a call finds its model, and what it is allowed."""

import numpy as np
import pytest

from app.errors import InputInvalid, NotReady, QueueFull, TooLarge
from app.grpc.inference import Models, version_of
from app.lifecycle.registry import Registry
from app.types import Priority


class FixedCall:
    """A call with two seconds left."""

    model = ""

    def names(self, model: object) -> None:
        self.model = model

    def timeout_seconds(self) -> float:
        return 2.0

    def priority(self) -> Priority:
        return Priority.LOW


@pytest.mark.parametrize(("text", "version"), [("", None), ("3", 3), ("007", 7)])
def test_a_version_is_a_number_or_the_servers_choice(text: str, version: int | None) -> None:
    assert version_of(text) == version


@pytest.mark.parametrize("text", ["latest", "-1", "1.0", "٣", "9" * 19])
def test_anything_else_is_no_version(text: str) -> None:
    with pytest.raises(InputInvalid, match="a version's number, or nothing for the default"):
        version_of(text)


async def test_the_shorter_deadline_and_the_message_s_priority_hold(
    batcher_of, doubling, observer, serve_alone
) -> None:
    models, model = serve_alone(batcher_of())
    assert models.find(FixedCall(), "alone") is model
    asked = models.ask(FixedCall(), model)
    assert (asked.timeout_seconds, asked.priority) == (2.0, Priority.LOW)
    asked = models.ask(FixedCall(), model, timeout_seconds=0.5, priority=Priority.HIGH)
    assert (asked.timeout_seconds, asked.priority) == (0.5, Priority.HIGH)
    assert models.ask(FixedCall(), model, timeout_seconds=60.0).timeout_seconds == 2.0


async def test_a_model_that_would_refuse_anyway_refuses_before_anything_is_read(batcher_of, serve_alone) -> None:
    batcher = batcher_of()
    models, model = serve_alone(batcher)
    await batcher.drain(0)
    with pytest.raises((NotReady, QueueFull)):
        models.ask(FixedCall(), model)


async def test_tensors_are_checked_and_counted_before_they_run(batcher_of, doubling, serve_alone) -> None:
    models, model = serve_alone(batcher_of(inline=True), max_rows=2)
    asked = models.ask(FixedCall(), model)
    assert (await models.infer(asked, doubling.rows(1.0, 2.0))).outputs["y"].tolist() == [[2], [4]]
    with pytest.raises(TooLarge):
        await models.infer(asked, doubling.rows(1.0, 2.0, 3.0))
    with pytest.raises(InputInvalid, match=r"expected \[-1, -1\] float32; received \[1, 1\] float64"):
        await models.infer(asked, {"x": np.zeros((1, 1))})
    assert doubling.ran == [[1, 2]]


@pytest.fixture
def serve_alone(doubling, observer, make_served):
    """One model in a registry of its own."""

    def serve(batcher: object, max_rows: int = 64) -> tuple[Models, object]:
        registry = Registry()
        registry.is_loading = False
        model = make_served("alone", doubling.signature, batcher, observer)
        registry.add("alone", [model], 1, {})
        return Models(registry, max_rows), model

    return serve
