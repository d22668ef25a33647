"""Every runtime is compared, then timed; on runtimes in memory, and nothing here depends on how fast they are."""

from pathlib import Path

import numpy as np
import pytest

from app.errors import InferenceFailed, ModelInvalid
from app.inference.calibration.conditions import Conditions
from app.inference.calibration.measurement import Measurement
from app.inference.calibration.result import Exclusion
from app.inference.runtimes.fake import FakeRuntime
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None, 2)),))


def doubled(tensors):
    return {"y": tensors["x"] * 2}


def off_by(distance):
    return lambda tensors: {"y": tensors["x"] * 2 + np.float32(distance)}


def fails_from(rows):
    def answer(tensors):
        if len(tensors["x"]) == rows:
            raise ValueError("too many rows")
        return doubled(tensors)

    return answer


def no_load(_folder):
    raise ModelInvalid("it is no graph")


class Bench:
    """Runtimes that answer with these functions; the others are refused."""

    def __init__(self, **answers):
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.made = {}
        self.told = []
        self.conditions = Conditions(
            batches=(1, 2), seconds=0.001, make=self.make, refusal=lambda name, _: self.refusal(name)
        )

    def make(self, name, threads):
        runtime = self.made[name, threads] = FakeRuntime(SIGNATURE, self.answers[name] or doubled)
        if self.answers[name] is None:
            runtime.load = no_load
        return runtime

    def refusal(self, name):
        return None if name in self.answers else "not installed"

    def measure(self, present=None, promised=SIGNATURE, **changes):
        conditions = Conditions(**{name: getattr(self.conditions, name) for name in Conditions.__slots__} | changes)
        measurement = Measurement(Path(), promised, conditions, lambda what, share: self.told.append((what, share)))
        rows = np.arange(2 * conditions.rows, dtype=np.float32).reshape(-1, 2) / 1000
        return measurement.run(present, lambda _: {"x": rows})


def test_every_runtime_that_agrees_with_tensorflow_is_timed_and_what_differs_is_told_with_the_figure():
    bench = Bench(onnx=doubled, openvino=off_by(0.01), tensorflow=off_by(0.00005))
    found = bench.measure()
    assert found.reference == "tensorflow"
    assert [(trial.runtime, trial.threads, sorted(trial.seconds)) for trial in found.trials] == [
        ("onnx", 1, [1, 2]),
        ("tensorflow", 1, [1, 2]),
    ]
    assert found.trials[0].difference == pytest.approx(0.00005, rel=0.1)
    assert found.trials[1].difference == 0
    absent, differing = found.exclusions
    assert absent == Exclusion("tensorflow-xla", "not installed")
    assert (differing.runtime, differing.difference) == ("openvino", pytest.approx(0.00995, rel=0.01))
    assert "differ from tensorflow's by 0.01; at most 0.0001" in differing.reason
    assert found.differing == ["openvino"]
    assert found.contention is None or 0 <= found.contention <= 1


@pytest.mark.parametrize(("present", "reference"), [("openvino", "openvino"), ("tensorflow", "onnx"), (None, "onnx")])
def test_without_tensorflow_the_present_plans_runtime_is_the_reference_or_else_the_first(present, reference):
    assert Bench(onnx=doubled, openvino=doubled).measure(present).reference == reference


def test_one_row_alone_must_say_the_same_too():
    def wrong_alone(tensors):
        return off_by(1)(tensors) if len(tensors["x"]) == 1 else doubled(tensors)

    found = Bench(onnx=doubled, openvino=wrong_alone).measure()
    assert found.differing == ["openvino"]


def test_each_pair_of_runtime_and_threads_is_timed_and_all_are_closed():
    bench = Bench(onnx=doubled, openvino=off_by(1))
    found = bench.measure(threads=(1, 2))
    assert [(trial.runtime, trial.threads) for trial in found.trials] == [("onnx", 1), ("onnx", 2)]
    assert not any(runtime.is_open for runtime in bench.made.values())


def test_all_take_turns_at_least_five_times():
    bench = Bench(onnx=doubled, openvino=doubled)
    bench.measure(batches=(1, 4), seconds=1e-9)
    compared, warmed, turn = [64, 1], [1, 1, 4, 4], [1, 1, 4]
    assert bench.made["openvino", 1].batches == compared + warmed + turn * 5
    assert bench.made["onnx", 1].batches == compared + bench.made["openvino", 1].batches


def test_what_fails_is_left_out_with_its_reason():
    bench = Bench(onnx=doubled, openvino=fails_from(64), tensorflow=fails_from(2), tensorflow_xla=None)
    found = bench.measure(batches=(2,))
    assert {one.runtime: one.reason for one in found.exclusions} == {
        "openvino": "ValueError: too many rows",
        "tensorflow": "ValueError: too many rows",
        "tensorflow-xla": "it is no graph",
    }
    assert [trial.runtime for trial in found.trials] == ["onnx"]
    assert found.differing == []


def test_a_runtime_that_cannot_even_start_is_left_out():
    class Absent(FakeRuntime):
        def load(self, folder):
            raise OSError(12, "Cannot allocate memory")

    with pytest.raises(ModelInvalid, match=r"onnx: \[Errno 12\] Cannot allocate memory"):
        Bench(onnx=doubled).measure(make=lambda *_: Absent(SIGNATURE, doubled), runtimes=("onnx",))


def test_a_runtime_with_another_signature_than_promised_is_left_out():
    promised = Signature((TensorSpec("z", "float32", (None, 2)),), SIGNATURE.outputs)
    with pytest.raises(ModelInvalid, match=r"no runtime can run it: onnx: the manifest promises the inputs z"):
        Bench(onnx=doubled).measure(promised=promised)


def test_an_adopted_model_promises_nothing():
    assert Bench(onnx=doubled).measure(promised=None).signature == SIGNATURE


def test_where_nothing_can_run_the_model_every_reason_is_told():
    with pytest.raises(ModelInvalid, match=r"no runtime can run it: onnx: not installed; openvino: not installed"):
        Bench().measure()


def test_where_everything_fails_while_it_is_timed_every_reason_is_told():
    with pytest.raises(ModelInvalid, match="onnx: ValueError: too many rows"):
        Bench(onnx=fails_from(2)).measure(batches=(2,))


def test_a_reference_that_fails_on_the_rows_ends_it_and_everything_is_closed():
    def fails(_tensors):
        raise InferenceFailed("an id beyond the table")

    bench = Bench(onnx=doubled, tensorflow=fails)
    with pytest.raises(ModelInvalid, match="tensorflow fails on rows of the signature: an id beyond the table"):
        bench.measure()
    assert not any(runtime.is_open for runtime in bench.made.values())


def test_ctrl_c_closes_everything():
    def interrupted(tensors):
        if len(tensors["x"]) == 2:
            raise KeyboardInterrupt
        return doubled(tensors)

    bench = Bench(onnx=doubled)
    runtime = FakeRuntime(SIGNATURE, interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench.measure(make=lambda *_: runtime, batches=(2,))
    assert runtime.is_open is False


def test_what_happens_is_told_and_how_much_is_done():
    bench = Bench(onnx=doubled)
    bench.measure()
    assert [what for what, _ in bench.told][:6] == [
        "loading onnx",
        "loading openvino",
        "loading tensorflow",
        "loading tensorflow-xla",
        "comparing onnx",
        "warming onnx",
    ]
    assert all(0 <= share <= 1 for _, share in bench.told)
