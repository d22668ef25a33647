"""What gradients are taken of."""

from app.explanations.targets import Target
from app.inference.runtimes.gradients import Aim


def test_a_class_is_aimed_at_on_the_scale_of_its_log_odds():
    assert Target("odds", ("no", "yes")).aim(1) == Aim("odds", 1, is_class=True)
    assert Target("value", ()).aim(7) == Aim("value", 7, is_class=False)
