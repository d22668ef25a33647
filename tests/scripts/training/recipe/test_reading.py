from pathlib import Path

import pytest

from scripts.training.recipe import RecipeInvalid, read_recipe

RECIPES = sorted(Path(__file__).parents[4].glob("recipes/*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_recipes_that_come_with_horngate_are_valid_and_named_as_their_file(path):
    assert read_recipe(path).name == path.stem


@pytest.mark.parametrize(
    ("task", "replace", "told"),
    [
        (
            "sentiment",
            ("batch_size", "batchsize"),
            "fit.batchsize: no such key; did you mean batch_size? expected one of ",
        ),
        ("sentiment", ("epochs = 2", "epochs = 0"), "fit.epochs: expected greater than 0; received 0"),
        ("sentiment", ("dropout = 0.2", "dropout = 1.5"), "architecture.dropout: expected less than 1; received 1.5"),
        ("sentiment", ('kind = "lstm"', 'kind = "gru"'), "architecture: "),
        ("sentiment", ("vocabulary = { size = 40 }", ""), "task 'sentiment' needs [text] and [vocabulary]"),
        ("sentiment", ("[0.45, 0.55]", "[0.6, 0.4]"), "neutral_band must rise; received [0.6, 0.4]"),
        ("sentiment", ("[4, 6, 8]", "[4, 6]"), "text: buckets must rise, the last of them being length (8)"),
        ("sentiment", ("[4, 6, 8]", "[6, 4, 8]"), "text: buckets must rise"),
        ("sentiment", ("[4, 6, 8]", "[0, 8]"), "text.buckets.0: expected greater than 0; received 0"),
        (
            "topic",
            ("optimiser =", "ngrams = { slots = 64, strength = 1.0 }\noptimiser ="),
            "[ngrams] stands beside architecture 'lstm' of task 'sentiment' only",
        ),
        ("sentiment", ("optimiser =", "ngrams = { slots = 8, strength = 1.0 }\noptimiser ="), "ngrams.slots: expected"),
        ("sentiment", ('"lstm", ', '"lstm", filter_maximum = true, '), "architecture: filter_maximum needs filters"),
        ("topic", ("heads = 2", "heads = 3"), "embedding (4) must be a multiple of heads (3)"),
        ("topic", ('task = "topic"', 'task = "topic"\nneutral_band = [0.4, 0.6]'), "only task 'sentiment' has a"),
        ("digit", ('kind = "image"', 'kind = "text"'), "augmentation.reach: Field required"),
        ("sentiment", ("reach = 12", "reach = 7"), "augmentation.reach must be at least text.length (8); received 7"),
        (
            "digit",
            (
                '{ kind = "image", shift = 1, rotation = 5, scale = 0.1 }',
                '{ kind = "text", reach = 9, crop_share = 0, crop_min_tokens = 1 }',
            ),
            "augmentation 'text' does not suit task 'digit'",
        ),
        (
            "digit",
            (
                '{ kind = "cnn", filters = [[2], [2], [2]], dropout = 0.1 }',
                '{ kind = "pooling", embedding = 4, dropout = 0 }',
            ),
            "architecture 'pooling' does not read the inputs of task 'digit'",
        ),
        (
            "digit",
            ("filters = [[2], [2], [2]]", "filters = [[2, 2], [2, 2], [2, 2, 2]]"),
            "architecture: filters must leave a pixel of 28, of which each convolution takes 2",
        ),
        ("digit", ("name = ", "name = ["), "not a TOML file"),
        (
            "topic",
            ("purpose = ", "porpose = "),
            "card.porpose: no such key; did you mean purpose? expected one of limits, ",
        ),
        (
            "topic",
            ("heads = 2", "heads = 2, hats = 3"),
            "architecture.hats: no such key; did you mean heads? expected one",
        ),
        ("topic", ("card = ", "zzz = 1\ncard = "), "zzz: no such key; expected one of architecture, "),
        ("sentiment", ("epochs = 2", 'epochs = "2"'), "fit.epochs: expected a valid integer; received '2'"),
        ("sentiment", ("epochs = 2", "epochs = true"), "fit.epochs: expected a valid integer; received True"),
        (
            "sentiment",
            ("learning_rate = 0.02", "learning_rate = nan"),
            "optimiser.learning_rate: expected a finite number",
        ),
        ("topic", ('kind = "adamw"', 'kind = "adam"'), "weight_decay needs kind 'adamw'; received kind 'adam'"),
        (
            "topic",
            ('kind = "cosine"', 'kind = "cosine", factor = 0.5'),
            "optimiser.schedule.factor: no such key; expected one of kind, warmup_epochs; received 0.5",
        ),
        (
            "topic",
            ('kind = "cosine"', 'kind = "cosine", warmup_epochs = 2'),
            "optimiser.schedule.warmup_epochs must be less than fit.epochs (2); received 2.0",
        ),
        (
            "topic",
            ("card = ", 'averaging = { kind = "swa", epochs = 3 }\ncard = '),
            "averaging.epochs must be at most fit.epochs (2); received 3",
        ),
        (
            "sentiment",
            ("card = ", "compute = { xla = true }\ncard = "),
            "compute.xla does not go with architecture 'lstm'",
        ),
    ],
)
def test_a_wrong_recipe_is_refused_with_file_and_key(recipe_file, task, replace, told):
    path = recipe_file(task, replace=replace)
    with pytest.raises(RecipeInvalid) as caught:
        read_recipe(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(("task", "buckets"), [("sentiment", (4, 6, 8)), ("topic", (8,)), ("digit", ())])
def test_texts_have_one_bucket_at_least_and_images_none(recipe_file, task, buckets):
    assert read_recipe(recipe_file(task)).buckets == buckets


def test_a_missing_recipe_says_where_recipes_stand(tmp_path):
    with pytest.raises(RecipeInvalid, match=r"no such file; .* recipes/"):
        read_recipe(tmp_path / "none.toml")
