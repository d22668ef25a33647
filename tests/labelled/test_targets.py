import pytest

from app.labelled.errors import DataInvalid
from app.labelled.targets import targets_of

KNOWN = ("negative", "positive")


def targets(*labels, known=KNOWN, **meanings):
    return targets_of(labels, [f"a.csv:{row}" for row in range(2, len(labels) + 2)], known, meanings).tolist()


def test_labels_are_the_models_own_whatever_their_case():
    assert targets("positive", "Negative", "POSITIVE") == [1, 0, 1]


def test_numbers_are_positions():
    assert targets("1", "0") == [1, 0]


def test_a_digits_labels_are_its_numbers():
    assert targets("7", "1", known=tuple("0123456789")) == [7, 1]


def test_the_user_may_say_what_labels_stand_for():
    assert targets("pos", "NEG", "great", pos="positive", great="positive", neg="negative") == [1, 0, 1]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (("1", "0", "2"), r"a\.csv:4: expected a label of 0, 1; received '2'; .*--labels 2=negative"),
        (("positive", "1"), r"a\.csv:3: expected a label of negative, positive; received '1'"),
        (("good", "bad"), r"a\.csv:2: expected a label of 0, 1; received 'good'"),
        (("positive", ""), r"a\.csv:3: .*received ''"),
    ],
)
def test_a_label_that_the_model_does_not_have_is_an_error_that_names_file_and_line(labels, message):
    with pytest.raises(DataInvalid, match=message):
        targets(*labels)


def test_a_meaning_that_the_model_does_not_have_is_an_error_with_the_nearest():
    with pytest.raises(DataInvalid, match="to lead to negative, positive; received 'positiv'; did you mean 'positive'"):
        targets("1", "0", **{"1": "positiv"})


@pytest.mark.parametrize(("labels", "only"), [(("1", "1"), "positive"), ((), "no rows")])
def test_rows_of_one_label_only_are_an_error(labels, only):
    with pytest.raises(DataInvalid, match=f"at least two labels; received only {only}"):
        targets(*labels)
