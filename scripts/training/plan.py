"""How a model runs best on this machine: the calibration of `horngate calibrate`, before there is a manifest."""

from pathlib import Path

from app.inference.calibration.choice import choose_plan
from app.inference.calibration.conditions import Conditions
from app.inference.calibration.measurement import Measurement
from app.inference.calibration.rows import sample_rows
from app.repository.manifest import Plan, TextSettings
from app.types import Signature, Task, Tensors

DEFAULT_CONDITIONS = Conditions(runtimes=("onnx", "tensorflow", "tensorflow-xla"))
"""What is exported is served elsewhere: its plan asks for no extra that a server may lack. `horngate calibrate`, run
where the model is served, may choose one.
"""


def measure_plan(
    folder: Path, signature: Signature, task: Task, text: TextSettings | None, conditions: Conditions
) -> Plan:
    """The plan for the graphs in `folder`, where the tokenizer of a text model must stand too.

    Raises `ModelInvalid` where no runtime can run them.
    """

    def rows_for(given: Signature) -> Tensors:
        return sample_rows(given, conditions.rows, folder, task, text)

    found = Measurement(folder, signature, conditions).run(None, rows_for)
    return choose_plan(found.trials, None, found.differing)
