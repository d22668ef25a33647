"""What every peer serves: a sentiment version folder on one thread of ONNX Runtime."""

import os
from collections.abc import Sequence
from pathlib import Path

import onnxruntime

from scripts.benchmark.peers.tokens import FOLDER_VARIABLE, Reading, TokenReader

MAX_BATCH_ROWS = 32
MAX_WAIT_SECONDS = 0.002
"""What the peers gather by; Horngate's own batching has no such delay."""


class SentimentModel:
    """The version folder that the environment names, ready to read batches of texts."""

    def __init__(self) -> None:
        folder = Path(os.environ[FOLDER_VARIABLE])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._tokens = TokenReader(folder)
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading per text, from one run of the model."""
        positives = self._session.run(None, {self._input: self._tokens.encode(texts)})[0]
        return [self._tokens.reading(float(value)) for value in positives.reshape(-1)]
