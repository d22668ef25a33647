"""The whole path of a prediction."""

import asyncio
import threading
from dataclasses import replace

import numpy as np
import pytest

from app.errors import BodyMalformed, DeadlineExceeded, InferenceFailed, InputInvalid, NotReady
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.lifecycle.loading import load_version
from app.repository.scanner import VersionFolder
from app.service import INLINE_BYTES, infer, infer_and_write, predict, run_rows
from app.types import Priority, Rows


@pytest.fixture
async def model_of(tiny_models, observer):
    """Loads a tiny model."""
    models = []

    def load(name):
        models.append(load_version(VersionFolder(name, 1, tiny_models / name / "1"), observer, max_queue_rows=64))
        return models[-1]

    yield load
    for model in models:
        await model.close(0)


async def test_an_answer_has_a_prediction_for_each_input_in_order(model_of, observer):
    answer = await predict(model_of("sentiment"), ["bad film", "good film", "film"], 30, 30)
    assert [prediction["label"] for prediction in answer.predictions] == ["negative", "positive", "neutral"]
    assert (answer.model, answer.version) == ("sentiment", 1)
    assert observer.labels == ["negative", "positive", "neutral"]
    assert observer.timings == [answer.timing]
    assert len(observer.cells) == 1
    assert min(answer.timing.preprocess, answer.timing.queue, answer.timing.infer, answer.timing.postprocess) >= 0


async def test_a_digit_is_counted_by_its_number(model_of, observer):
    pixels = np.zeros((28, 28), np.float32)
    pixels[:, 14:] = 1
    answer = await predict(model_of("digit"), [pixels], 30, 30)
    assert answer.predictions[0]["digit"] == 7
    assert observer.labels == ["7"]


async def test_tensors_have_no_label_to_count(model_of, observer):
    tensors = {
        "left": np.ones((2, 2), np.float32),
        "right": np.ones((2, 2), np.float32),
        "count": np.array([1, 2], np.int32),
    }
    answer = await predict(model_of("adder"), [tensors], 30, 30)
    assert answer.predictions == [
        {"outputs": {"sum": [2, 2], "tripled": 3}},
        {"outputs": {"sum": [2, 2], "tripled": 6}},
    ]
    assert observer.labels == []
    assert len(observer.timings) == 1


@pytest.mark.parametrize(("size_bytes", "is_inline"), [(INLINE_BYTES, True), (INLINE_BYTES + 1, False)])
async def test_large_inputs_are_prepared_beside_the_event_loop(model_of, size_bytes, is_inline):
    model = model_of("topic")
    threads = []

    class Task:
        label_key = None

        def preprocess(self, inputs):
            threads.append(threading.current_thread())
            return model.task.preprocess(inputs)

        def postprocess(self, outputs):
            return model.task.postprocess(outputs)

    await predict(replace(model, task=Task()), ["oil"], size_bytes, 30)
    assert (threads == [threading.current_thread()]) is is_inline


async def test_inputs_that_take_too_long_to_prepare_end_at_the_deadline(model_of, observer):
    model = model_of("topic")
    gate = threading.Event()

    class Slow:
        label_key = None

        def preprocess(self, inputs):
            gate.wait(30)
            return model.task.preprocess(inputs)

    try:
        with pytest.raises(DeadlineExceeded, match="the inputs were not prepared within 10 ms; send less at once"):
            await predict(replace(model, task=Slow()), ["oil"], INLINE_BYTES + 1, 0.01)
    finally:
        gate.set()
    assert observer.rejections == ["deadline_exceeded"]


async def test_time_spent_on_preparing_counts(model_of, observer):
    with pytest.raises(DeadlineExceeded):
        await predict(model_of("topic"), ["oil"], 10, 0.0)
    assert observer.rejections == ["deadline_exceeded"]


async def test_an_input_that_the_task_cannot_read_is_neither_rejected_nor_answered(model_of, observer):
    with pytest.raises(BodyMalformed):
        await predict(model_of("digit"), [b"no picture"], 10, 30)
    assert observer.rejections == []
    assert observer.timings == []


async def test_a_request_that_is_turned_away_is_counted_by_its_code(model_of, observer):
    model = model_of("topic")
    await model.batcher.drain(0)
    with pytest.raises(NotReady):
        await predict(model, ["oil"], 10, 30)
    assert observer.rejections == ["not_ready"]


async def test_a_full_queue_and_a_failure_are_told_apart(model_of, observer):
    def broken(tensors):
        raise InferenceFailed("the model is broken")

    model = model_of("topic")
    pool = Pool([FakeRuntime(model.signature, broken)])
    batcher = Batcher(pool, model.signature, observer, sizing=Sizing(1), max_queue_rows=1)
    model = replace(model, pool=pool, batcher=batcher)
    requests = [predict(model, ["oil"], 10, 30) for _ in range(3)]
    outcomes = await asyncio.gather(*requests, return_exceptions=True)
    assert sorted(outcome.code for outcome in outcomes) == ["inference_failed", "queue_full", "queue_full"]
    assert observer.rejections == ["queue_full", "queue_full"]
    pool.close()


async def test_tensors_go_past_the_task_and_come_back_as_the_model_gives_them(model_of, observer):
    tensors = {
        "left": np.ones((2, 2), np.float32),
        "right": np.array([[1, 2], [np.inf, np.nan]], np.float32),
        "count": np.array([1, 2], np.int32),
    }
    given = await infer(model_of("adder"), tensors, 30)
    assert (given.model, given.version) == ("adder", 1)
    np.testing.assert_array_equal(given.outputs["sum"], [[2, 3], [np.inf, np.nan]])
    np.testing.assert_array_equal(given.outputs["tripled"], [3, 6])
    assert observer.timings == [given.timing]
    assert observer.labels == []


async def test_reading_and_writing_are_counted_with_an_inference(model_of, observer):
    tensors = {"pixels": np.zeros((1, 28, 28, 1), np.float32)}
    asked = (model_of("digit"), tensors, 30, Priority.NORMAL)
    shape = await infer_and_write(*asked, read_seconds=0.25, write=lambda given: given.outputs["probabilities"].shape)
    assert shape == (1, 10)
    [timing] = observer.timings
    assert timing.preprocess == 0.25
    assert timing.postprocess > 0


async def test_strings_that_an_onnx_model_would_misread_are_refused(simple_models, observer):
    folder = VersionFolder("simple_identity", 1, simple_models / "simple_identity" / "1")
    model = load_version(folder, observer, max_queue_rows=64)
    given = await infer(model, {"INPUT0": np.array([["电影", "a"]], object)}, 30)
    assert given.outputs["OUTPUT0"].tolist() == [["电影", "a"]]
    with pytest.raises(InputInvalid, match=r"/inputs/INPUT0: expected strings in UTF-8; received bytes"):
        await infer(model, {"INPUT0": np.array([["a", b"\xff"]], object)}, 30)
    await model.close(0)


async def test_what_cannot_be_written_is_not_counted_as_answered(model_of, observer):
    tensors = {"pixels": np.zeros((1, 28, 28, 1), np.float32)}
    with pytest.raises(KeyError):
        await infer_and_write(
            model_of("digit"), tensors, 30, Priority.NORMAL, read_seconds=0, write=lambda given: given.outputs["none"]
        )
    assert observer.timings == []


async def test_who_brings_inputs_for_a_task_gets_no_nan(model_of, observer):
    model = model_of("adder")
    tensors = {
        "left": np.full((1, 2), np.nan, np.float32),
        "right": np.ones((1, 2), np.float32),
        "count": np.array([1], np.int32),
    }
    with pytest.raises(InferenceFailed, match="NaN or infinity"):
        await predict(model, [tensors], 30, 30)


async def test_tensors_that_are_turned_away_are_counted_by_the_code(model_of, observer):
    model = model_of("digit")
    await model.close(0)
    with pytest.raises(NotReady):
        await infer(model, {"pixels": np.zeros((1, 28, 28, 1), np.float32)}, 30)
    assert observer.rejections == ["not_ready"]


async def test_rows_that_are_only_run_count_as_no_answered_request_but_are_counted_when_turned_away(model_of, observer):
    model, rows = model_of("digit"), Rows(({"pixels": np.zeros((2, 28, 28, 1), np.float32)},), takes_any=True)
    result = await run_rows(model, rows, 30, Priority.NORMAL)
    assert {name: len(values) for name, values in result.outputs.items()} == {"probabilities": 2}
    assert observer.timings == []
    await model.batcher.drain(0)
    with pytest.raises(NotReady):
        await run_rows(model, rows, 30, Priority.NORMAL)
    assert observer.rejections == ["not_ready"]
