"""The promises of ARCHITECTURE.md, each under its own words."""

import asyncio
import json
import random

import numpy as np
import pytest

from app.errors import DeadlineExceeded, HorngateError, InferenceFailed, ModelInvalid, QueueFull
from app.inference.runtimes.onnx import OnnxRuntime
from app.lifecycle.loading import load_version
from app.processing.text import TextEncoder
from app.repository.manifest import read_manifest
from app.repository.scanner import VersionFolder
from app.service import predict
from app.tasks import open_task
from app.tasks.digit import DigitTask

CALLERS = 64


async def entered(doubling) -> None:
    """The model has begun one more batch."""
    assert await asyncio.to_thread(doubling.entered.acquire, timeout=30)


@pytest.mark.parametrize("inline", [True, False])
async def test_every_caller_gets_exactly_one_answer(batcher_of, doubling, inline):
    batcher = batcher_of(inline=inline, instances=1 if inline else 2, max_batch_rows=5, max_queue_rows=10_000)
    sizes = random.Random(1).choices(range(1, 12), k=200)
    starts = np.cumsum([0, *sizes])
    doubling.hated = frozenset({float(starts[50]), float(starts[150])})
    requests = [
        doubling.request(*range(start, start + size), width=1 + size % 2)
        for start, size in zip(starts, sizes, strict=False)
    ]
    callers = [asyncio.ensure_future(batcher.run(rows, 30)) for rows in requests]
    await asyncio.sleep(0)
    for number in (7, 8, 60):
        callers[number].cancel()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    for number, (rows, outcome) in enumerate(zip(requests, outcomes, strict=True)):
        if number in {7, 8, 60}:
            assert isinstance(outcome, asyncio.CancelledError)
        elif number in {50, 150}:
            assert isinstance(outcome, InferenceFailed)
        else:
            assert np.array_equal(outcome.outputs["y"], rows.groups[0]["x"] * 2)
    await batcher.drain(30)
    assert batcher.queued_rows == 0
    assert batcher._open == set()


async def test_a_caller_that_leaves_harms_nobody(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=CALLERS)
    doubling.gate.clear()
    first = asyncio.ensure_future(batcher.run(doubling.request(-1), 30))
    await entered(doubling)
    callers = [asyncio.ensure_future(batcher.run(doubling.request(number), 30)) for number in range(CALLERS)]
    await asyncio.sleep(0)
    for caller in callers[::2]:
        caller.cancel()
    await asyncio.gather(*callers[::2], return_exceptions=True)
    assert batcher.queued_rows == CALLERS / 2
    doubling.gate.set()
    stayed = await asyncio.gather(first, *callers[1::2])
    assert [result.outputs["y"].item() for result in stayed[1:]] == list(range(2, 2 * CALLERS, 4))
    assert doubling.ran == [[-1], list(range(1, CALLERS, 2))]


async def test_one_bad_row_fails_alone(batcher_of, doubling, observer):
    batcher = batcher_of(max_batch_rows=CALLERS)
    doubling.hated = frozenset({13})
    requests = (batcher.run(doubling.request(number), 30) for number in range(CALLERS))
    outcomes = await asyncio.gather(*requests, return_exceptions=True)
    failed = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, HorngateError)]
    assert failed == [13]
    assert all(outcomes[number].outputs["y"].item() == 2 * number for number in range(CALLERS) if number != 13)
    assert len(doubling.ran) - 1 <= 2 * np.log2(CALLERS)
    assert observer.batches == [CALLERS]


async def test_one_row_that_becomes_nan_fails_alone(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=CALLERS)
    values = [float(number) for number in range(CALLERS)]
    values[40] = float("nan")
    outcomes = await asyncio.gather(
        *(batcher.run(doubling.request(value), 30) for value in values), return_exceptions=True
    )
    assert [number for number, outcome in enumerate(outcomes) if isinstance(outcome, InferenceFailed)] == [40]
    assert len(doubling.ran) == 1


async def test_past_the_queue_limit_we_refuse_at_once(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=4, max_queue_rows=16)
    doubling.gate.clear()
    running = asyncio.ensure_future(batcher.run(doubling.request(-1), 30))
    await entered(doubling)
    callers = [asyncio.ensure_future(batcher.run(doubling.request(number), 30)) for number in range(40)]
    await asyncio.sleep(0)
    refused = [caller for caller in callers if caller.done()]
    assert len(refused) == 40 - 16
    assert all(isinstance(caller.exception(), QueueFull) for caller in refused)
    assert all(caller.exception().retry_after_seconds > 0 for caller in refused)
    assert callers[:16] == [caller for caller in callers if not caller.done()]
    doubling.gate.set()
    await asyncio.gather(running, *callers[:16])


async def test_every_wait_ends(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=2)
    doubling.gate.clear()
    outcomes = await asyncio.gather(
        *(batcher.run(doubling.request(number), 0.05) for number in range(8)), return_exceptions=True
    )
    assert all(isinstance(outcome, DeadlineExceeded) for outcome in outcomes)
    await batcher.drain(0.001)
    assert batcher.queued_rows == 0


TEXTS = [
    "good film",
    "bad, bad film",
    "好",
    "an unknown word",
    "good " * 40 + "bad bad bad",
    "   \t\n  good",
    "?!",
]


@pytest.mark.parametrize("name", ["sentiment", "topic"])
async def test_training_and_serving_give_the_same_output_for_the_same_input(tiny_models, observer, name):
    folder = tiny_models / name / "1"
    manifest = read_manifest(folder)
    encoder = TextEncoder.from_file(folder / "tokenizer.json", manifest.text.length, manifest.text.keep)
    (tensors,) = encoder.encode(TEXTS, "tokens").groups
    runtime = OnnxRuntime()
    runtime.load(folder)
    trained = open_task(manifest, folder).postprocess(runtime.run(tensors))
    model = load_version(VersionFolder(name, 1, folder), observer, max_queue_rows=64)
    together = (await predict(model, TEXTS, 100, 30)).predictions
    alone = [(await predict(model, [text], 100, 30)).predictions[0] for text in TEXTS]
    on_a_thread = (await predict(model, TEXTS, 10**6, 30)).predictions
    assert together == alone == on_a_thread == trained
    await model.close(1)


async def test_training_and_serving_give_the_same_output_for_the_same_picture(tiny_models, observer):
    folder = tiny_models / "digit" / "1"
    pictures = np.random.default_rng(1).random((5, 28, 28)).astype(np.float32)
    runtime = OnnxRuntime()
    task = DigitTask(runtime.load(folder))
    trained = task.postprocess(runtime.run({"pixels": pictures[..., np.newaxis]}))
    model = load_version(VersionFolder("digit", 1, folder), observer, max_queue_rows=64)
    together = (await predict(model, list(pictures), 100, 30)).predictions
    alone = [(await predict(model, [picture], 100, 30)).predictions[0] for picture in pictures]
    assert together == alone == trained
    await model.close(1)


DAMAGE = {
    "missing": lambda folder: (folder / "manifest.json").unlink(),
    "not JSON": lambda folder: (folder / "manifest.json").write_text("{"),
    "not text": lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"),
    "empty": lambda folder: (folder / "manifest.json").write_text(""),
    "of another version": lambda folder: change(folder, version=2),
    "of another model": lambda folder: change(folder, name="other"),
    "of a later format": lambda folder: change(folder, format=2),
    "with a key more": lambda folder: change(folder, surprise=1),
    "with another hash": lambda folder: change(folder, files={"model.onnx": "0" * 64}),
    "with a file that is not there": lambda folder: (folder / "tokenizer.json").unlink(),
    "that does not name the model file": lambda folder: change(folder, files={}),
}


def change(folder, **content) -> None:
    """Write other values into the manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **content}))


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_no_valid_manifest_no_load(tmp_path, build_sentiment, observer, damage):
    folder = build_sentiment(tmp_path)
    damage(folder)
    with pytest.raises(ModelInvalid):
        load_version(VersionFolder("sentiment", 1, folder), observer, max_queue_rows=64)
