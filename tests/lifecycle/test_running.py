"""How a model really runs."""

import pytest

from app.lifecycle.running import Running
from app.repository.manifest import Plan


@pytest.mark.parametrize(
    ("runtime", "seconds", "place"),
    [
        ("onnx", 0.001, "event loop"),
        ("openvino", 0.001, "event loop"),
        ("openvino", 0.015, "event loop or thread"),
        ("openvino", 0.1, "thread"),
        ("tensorflow", 0.001, "process"),
        ("tensorflow-xla", 0.001, "process"),
    ],
)
def test_quick_batches_run_on_the_event_loop_others_on_a_thread_and_tensorflow_in_a_process(runtime, seconds, place):
    plan = Plan(runtime=runtime, threads=2, max_batch_rows=8, batch_seconds={8: seconds})
    assert Running.of(plan, ("because",), is_degraded=True) == Running(runtime, 2, 1, 8, place, ("because",), True)
