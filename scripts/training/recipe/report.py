"""`[report]`: what is found out about a version besides the figures of its test splits."""

from typing import Literal

from scripts.training.recipe.part import Part

BEHAVIOUR = {"sentiment": {"english", "chinese"}, "topic": {"news"}, "digit": {"digits"}}
"""The sets of behavioural tests that suit each task; `news` those whose labels are AG News's."""


class Report(Part):
    """`behaviour` names sets of behavioural tests, `sentences` the languages of our own short sentences.

    `pictures` are further test sets of digits: `rendered` from the test part, `load_digits` that of scikit-learn.
    `baseline` fits TF-IDF and logistic regression on the same texts, to stand beside the model.
    """

    behaviour: tuple[Literal["english", "chinese", "news", "digits"], ...] = ()
    sentences: tuple[Literal["english", "chinese"], ...] = ()
    pictures: tuple[Literal["rendered", "load_digits"], ...] = ()
    baseline: bool = False
