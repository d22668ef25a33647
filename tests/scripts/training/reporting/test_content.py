import pytest

from scripts.training.reporting import content
from scripts.training.reporting.blocks import Heading, Listing, Paragraph, Picture, Table

PICTURE = Picture("roc", "ROC", '<svg viewBox="0 0 1 1"></svg>')


def words(blocks):
    """All that stands in the blocks."""
    told = []
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Listing():
                told.append(block.text)
            case Table():
                told += [*block.head, *(cell for row in block.rows for cell in row)]
            case Picture():
                told.append(block.title)
    return "\n".join(told)


def headings(blocks):
    return [block.text for block in blocks if isinstance(block, Heading)]


def test_a_card_says_what_a_user_should_know(report):
    told = words(content.card(report, [PICTURE]))
    for expected in (
        "Tells <praise> from blame.",
        "Temperature 1.500, fitted on 60 validation rows",
        "at least 95.0% of the validation answers are right, of at most 20% of them; there it holds 7.0%",
        "negated\n75.0%\n50.0%",
        "lined paper",
        "english: turns\nmust be right\n20\n90.0% (70%–97%)",
        "+0.0125 (-0.0100 to +0.0300)",
        "McNemar's exact",
        "An epoch took 6.0 s in the middle, of its steps at 5,000 examples a second.",
        "films\n2,100\n60\n2\n1\nnone\nmade up",
        "Of a longer text it reads the last 8 words or Chinese characters, not counting the 1 words",
        "tensorflow 1.0e-09.",
    ):
        assert expected in told


def test_only_the_report_shows_rows_recipe_and_epochs(report):
    card, full = content.card(report, [PICTURE]), content.full(report, [PICTURE])
    assert full[: len(card)] == card
    told = words(full[len(card) :])
    assert "films\n17\nn\np\n0.9876" in told
    assert "`calibration.neutral.accuracy`\n0.95" in told
    assert "1\n0.7\n0.6\n2\n0.5\n0.4" in told
    assert "I expected a bad film | good" in told
    assert "Not <b>good</b>." in told
    assert "Not <b>good</b>." not in words(card)


@pytest.mark.parametrize("name", ["baseline", "sentences", "additional", "behaviour", "version_before"])
def test_what_was_not_asked_for_takes_no_room(report, name):
    before = len(headings(content.full(report, [])))
    del report[name]
    assert before - len(headings(content.full(report, []))) >= 1


def test_a_version_before_that_could_not_be_measured_is_named_with_the_reason(report):
    report["version_before"] = {"version": 1, "failed": "it has the labels ['a', 'b']"}
    assert "It could not be measured on the same rows: it has the labels ['a', 'b']." in words(content.card(report, []))


def test_a_model_without_band_or_temperature_says_so(report):
    report |= {"neutral_band": None}
    report["calibration"] |= {"temperature": 1.0, "band": None}
    told = words(content.card(report, []))
    assert "No temperature was fitted" in told
    assert "neutral" not in told.replace("the neutral band aside", "")


def test_a_band_that_the_recipe_fixes_is_not_said_to_be_chosen(report):
    report["calibration"]["band"] = None
    assert "are `neutral`. The recipe fixes it." in words(content.card(report, []))
