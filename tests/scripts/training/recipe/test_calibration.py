import pytest

from scripts.training.recipe import RecipeInvalid, read_recipe

FIXED = "neutral_band = [0.45, 0.55]"


def test_a_temperature_is_fitted_unless_the_recipe_says_no(recipe_file):
    assert read_recipe(recipe_file("digit")).calibration.temperature
    card = 'card = { purpose = "Made up."'
    off = recipe_file("digit", replace=(card, f"calibration = {{ temperature = false }}\n{card}"))
    assert not read_recipe(off).calibration.temperature


def test_a_neutral_band_is_chosen_by_the_wish_in_the_recipe(recipe_file):
    recipe = read_recipe(recipe_file(replace=(FIXED, "calibration = { neutral = { accuracy = 0.95 } }")))
    assert (recipe.calibration.neutral.accuracy, recipe.calibration.neutral.largest_share) == (0.95, 0.2)


@pytest.mark.parametrize(
    ("task", "replace", "told"),
    [
        (
            "sentiment",
            (FIXED, "calibration = { neutral = { accuracy = 0.4 } }"),
            "neutral.accuracy: expected greater than 0.5",
        ),
        ("sentiment", (FIXED, "calibration = { heat = 2 }"), "calibration.heat: no such key"),
        ("sentiment", (FIXED, f"{FIXED}\ncalibration = {{ neutral = {{ accuracy = 0.9 }} }}"), "chooses the band of"),
        (
            "topic",
            ('task = "topic"', 'task = "topic"\ncalibration = { neutral = { accuracy = 0.9 } }'),
            "chooses the band",
        ),
    ],
)
def test_a_calibration_that_makes_no_sense_is_refused(recipe_file, task, replace, told):
    with pytest.raises(RecipeInvalid) as raised:
        read_recipe(recipe_file(task, replace=replace))
    assert told in str(raised.value)
