import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.data.catalogue import load_dataset
from scripts.training.data.types import Split
from scripts.training.examples import prepare
from scripts.training.further_rows import with_further_rows
from scripts.training.recipe import RecipeInvalid, read_recipe

CONTRAST = "contrast = { clauses = 4, min_rows = 5, least_ratio = 0.5 }\n"
FRAGMENTS = 'fragments = { package = "madeupencoder", layers = [1, 2], count = 30, taught_by = 60 }\n'
TRAINING = Split(
    [
        f"the {thing} was {word}, really {word}"
        for thing in ("film", "plot", "end", "cast", "set")
        for word in ("fun", "dull")
    ],
    np.array([1, 0] * 5, np.int64),
)


@pytest.fixture
def recipe(recipe_file):
    """A tiny recipe with these parts besides."""

    def read(*parts):
        return read_recipe(recipe_file(replace=("optimiser =", f"{''.join(parts)}optimiser =")))

    return read


def test_without_such_parts_the_rows_are_those_that_were_read(recipe):
    rows, contrasts = with_further_rows(recipe(), TRAINING)
    assert (rows.inputs, rows.targets.tolist()) == (TRAINING.inputs, TRAINING.targets.tolist())
    assert contrasts == 0


def test_contrasts_stand_behind_the_rows_that_were_read(recipe):
    rows, contrasts = with_further_rows(recipe(CONTRAST), TRAINING)
    assert rows.inputs[:10] == TRAINING.inputs
    assert contrasts == 2 * 3 * 4
    assert len(rows.inputs) == 10 + contrasts
    assert set(rows.targets.tolist()) == {0, 1}


def test_fragments_stand_behind_them_with_an_encoders_probabilities(recipe, encoder_path, monkeypatch):
    pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")
    monkeypatch.syspath_prepend(encoder_path.parent.parent)
    rows, contrasts = with_further_rows(recipe(FRAGMENTS), TRAINING)
    assert contrasts == 0
    assert rows.inputs[:10] == TRAINING.inputs
    assert len(rows.inputs) > 10
    assert ((rows.targets[10:] > 0) & (rows.targets[10:] < 1)).all()


def test_an_encoder_that_is_not_installed_is_told(recipe):
    pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")
    with pytest.raises(RecipeInvalid, match=r"received 'madeupencoder'; .* pip install"):
        with_further_rows(recipe(FRAGMENTS), TRAINING)


def test_a_recipes_further_rows_are_learnt_and_not_validated_on(recipe, texts):
    plain, further = (prepare(one, [load_dataset(f"texts:{texts}", None)]) for one in (recipe(), recipe(CONTRAST)))
    assert len(further.training.targets) == len(plain.training.targets) + further.contrasts
    np.testing.assert_array_equal(further.validation.inputs, plain.validation.inputs)
    assert further.tokenizer.get_vocab() == plain.tokenizer.get_vocab()
