"""What tutorials show: FastAPI in front of a SavedModel, one request at a time.

`uvicorn scripts.benchmark.peers.tutorial_app:app`, with the model's folder in the environment.
"""

import os
from pathlib import Path

import tensorflow as tf
from fastapi import FastAPI
from pydantic import BaseModel

from scripts.benchmark.peers.tokens import FOLDER_VARIABLE, Reading, TokenReader

folder = Path(os.environ[FOLDER_VARIABLE])
tokens = TokenReader(folder)
model = tf.saved_model.load(str(folder))
function = model.signatures["serving_default"]
input_name = next(iter(function.structured_input_signature[1]))
app = FastAPI()


class Review(BaseModel):
    """The request's body."""

    text: str


@app.post("/predict")
def predict(review: Review) -> Reading:
    """One text's sentiment."""
    outputs = function(**{input_name: tf.constant(tokens.encode([review.text]))})
    return tokens.reading(float(next(iter(outputs.values())).numpy()[0][0]))
