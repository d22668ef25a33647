"""What the peers serve that are asked with tensors: a version folder's ONNX file on one thread of ONNX Runtime."""

import os
from pathlib import Path
from typing import Any

import onnxruntime

from scripts.benchmark.peers.tokens import FOLDER_VARIABLE


class TensorModel:
    """The version folder that the environment names; of one input and one output."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = Path(os.environ[FOLDER_VARIABLE]) / "model.onnx"
        self._session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.output = self._session.get_outputs()[0].name

    def run(self, array: Any) -> Any:
        """The output for an input."""
        return self._session.run(None, {self._input: array})[0]
