"""The service that tutorials show: FastAPI in front of a SavedModel, one request at a time, same model and tokenizer.

Run by the benchmark: `uvicorn scripts.benchmark.tutorial:app`, with the model's folder in `MODEL_FOLDER`.
"""

import os
from pathlib import Path

import tensorflow as tf
from fastapi import FastAPI
from pydantic import BaseModel

from app.processing.text import TextEncoder
from app.repository.manifest import read_manifest

folder = Path(os.environ["MODEL_FOLDER"])
manifest = read_manifest(folder)
settings = manifest.text
if settings is None:
    raise SystemExit(f"{folder} is not a text model")
encoder = TextEncoder.from_file(folder / "tokenizer.json", settings.length, settings.keep)
model = tf.saved_model.load(str(folder))
function = model.signatures["serving_default"]
tensor = manifest.signature.inputs[0]
app = FastAPI()


class Review(BaseModel):
    """The request's body."""

    text: str


@app.post("/predict/sentiment")
def predict(review: Review) -> dict[str, str | float]:
    """One text's sentiment."""
    tokens = tf.constant(encoder.encode([review.text]), tensor.dtype)
    outputs = function(**{tensor.name: tokens})
    score = float(next(iter(outputs.values())).numpy()[0][0])
    return {"label": "positive" if score > 0.5 else "negative", "score": score}
