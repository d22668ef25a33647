import pytest

from app.labelled.errors import DataInvalid
from app.labelled.problems import Problem, problem_lines, refuse_mostly_broken


def test_half_of_the_rows_may_be_broken_and_no_more(tmp_path):
    problem = Problem("a:1", "empty text")
    refuse_mostly_broken(tmp_path, 2, [problem] * 2)
    with pytest.raises(DataInvalid):
        refuse_mostly_broken(tmp_path, 2, [problem] * 3)


def test_no_rows_at_all_is_an_error(tmp_path):
    with pytest.raises(DataInvalid, match="it has no rows"):
        refuse_mostly_broken(tmp_path, 0, [])


def test_problems_are_told_by_reason_the_most_frequent_first():
    problems = [Problem("a:1", "no tab"), *(Problem(f"b:{line}", "empty text") for line in range(1, 6))]
    assert problem_lines(problems, places=2) == [
        "5 left out: empty text (b:1, b:2, …)",
        "1 left out: no tab (a:1)",
    ]


def test_no_problems_make_no_lines():
    assert problem_lines(()) == []
