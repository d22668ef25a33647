import pytest

from scripts.training.recipe import RecipeInvalid, read_recipe

EMA = 'averaging = { kind = "ema", momentum = 0.9 }'
FOLDS = "folds = { count = 3 }"
RED_BLUE = 'red_blue = { average = "each_round" }'
PRUNING = "pruning = { sparsity = 0.5, end = 1.0 }"
CONTRAST = "contrast = { clauses = 9 }"
FRAGMENTS = 'fragments = { package = "made_up", count = 9, taught_by = 9 }'
TEACHERS = 'distillation = { teachers = ["other"] }'


def read(recipe_file, *lines):
    return read_recipe(recipe_file(replace=("datasets", "\n".join([*lines, "datasets"]))))


@pytest.mark.parametrize(
    "line", [FOLDS, RED_BLUE, PRUNING, TEACHERS, CONTRAST, FRAGMENTS, 'quantisation = { weights = "int8" }']
)
def test_each_way_of_training_may_be_asked_for_alone(recipe_file, line):
    name = line.split()[0]
    assert getattr(read(recipe_file, line), name) is not None
    assert getattr(read(recipe_file), name) is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([FOLDS, TEACHERS], "folds and distillation exclude each other"),
        ([PRUNING, EMA], "pruning and averaging exclude each other"),
        ([CONTRAST, TEACHERS], "contrast goes without distillation and red_blue"),
        ([FRAGMENTS, RED_BLUE], "fragments goes without distillation and red_blue"),
        (["fragments = { package = 'a b', count = 9, taught_by = 9 }"], "fragments.package: "),
        ([RED_BLUE, FOLDS, PRUNING], "red_blue goes without folds and pruning"),
        (["pruning = { sparsity = 0.5, end = 2 }"], "pruning.end must be less than fit.epochs (2); received 2"),
        (["pruning = { sparsity = 0.5, begin = 1, end = 1 }"], "end must be later than begin (1.0); received 1.0"),
        (["pruning = { sparsity = 1.0, end = 1 }"], "pruning.sparsity: "),
        (["folds = { count = 1 }"], "folds.count: "),
        (["distillation = { teachers = [] }"], "distillation: expected teachers or an encoder, and not both"),
        (
            ['distillation = { teachers = ["a"], encoder = { package = "b" } }'],
            "distillation: expected teachers or an encoder, and not both",
        ),
        (
            ['distillation = { encoder = { package = "b" }, view = "same" }'],
            'distillation: an encoder has one opinion of each row: view "whole" only',
        ),
        (['distillation = { teachers = ["a"], weight = 1.5 }'], "distillation.weight: "),
        (['distillation = { teachers = ["a"], temperature = 0 }'], "distillation.temperature: "),
        (['distillation = { teachers = ["a"], view = "half" }'], "distillation.view: "),
        (['red_blue = { average = "never" }'], "red_blue.average: "),
        (['quantisation = { weights = "int4" }'], "quantisation.weights: "),
    ],
)
def test_ways_that_make_no_sense_or_exclude_each_other_are_refused_by_name(recipe_file, lines, told):
    with pytest.raises(RecipeInvalid) as caught:
        read(recipe_file, *lines)
    assert told in str(caught.value)


def test_an_encoder_teaches_no_pictures(recipe_file):
    line = 'distillation = { encoder = { package = "b" } }\nfit = {'
    with pytest.raises(RecipeInvalid, match=r"distillation\.encoder reads texts; task 'digit' has none"):
        read_recipe(recipe_file("digit", replace=("fit = {", line)))


def test_fragments_are_refused_where_labels_are_to_be_balanced(recipe_file):
    with pytest.raises(RecipeInvalid, match=r"fragments goes without fit\.balance"):
        read_recipe(recipe_file(replace=("fit = {", f"{FRAGMENTS}\nfit = {{ balance = true,")))


@pytest.mark.parametrize(("line", "name"), [(CONTRAST, "contrast"), (FRAGMENTS, "fragments")])
def test_further_rows_of_praise_and_blame_are_for_sentiments_only(recipe_file, line, name):
    with pytest.raises(RecipeInvalid, match=rf"\[{name}\] tells praise from blame: task 'sentiment' only"):
        read_recipe(recipe_file("topic", replace=("datasets", f"{line}\ndatasets")))
