import pytest

from scripts.training.recipe import RecipeInvalid, read_recipe

CARD = 'card = { purpose = "Made up."'


def test_nothing_more_is_found_out_unless_the_recipe_asks(recipe_file):
    report = read_recipe(recipe_file()).report
    assert (report.behaviour, report.sentences, report.baseline) == ((), (), False)


@pytest.mark.parametrize(
    ("task", "report", "told"),
    [
        ("topic", 'behaviour = ["english"]', "report.behaviour: 'english' does not suit task 'topic'"),
        ("digit", "baseline = true", "report.baseline reads texts; leave it out for images"),
        ("topic", 'sentences = ["english"]', "only task 'sentiment' has report.sentences"),
        ("topic", 'pictures = ["rendered"]', "only task 'digit' has report.pictures"),
        ("digit", 'behaviour = ["numbers"]', "report.behaviour.0: "),
        ("digit", "colour = 1", "report.colour: "),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(recipe_file, task, report, told):
    with pytest.raises(RecipeInvalid) as raised:
        read_recipe(recipe_file(task, replace=(CARD, f"report = {{ {report} }}\n{CARD}")))
    assert told in str(raised.value)
