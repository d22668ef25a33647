import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from app.errors import ModelInvalid
from app.repository.manifest import read_manifest, write_manifest
from scripts.training.methods.teachers import (
    Teacher,
    TeacherUnfit,
    average_label,
    check_recipe_teacher,
    version_teacher,
)
from scripts.training.recipe import Distillation, read_recipe


@pytest.fixture
def student(recipe_file):
    return read_recipe(recipe_file())


def changed(recipe, part, **values):
    return recipe.model_copy(update={part: getattr(recipe, part).model_copy(update=values)})


def test_another_recipe_of_the_same_split_may_teach(student):
    check_recipe_teacher(student, student)
    check_recipe_teacher(changed(student, "fit", seed=9, split_seed=student.fit.seed), student)


@pytest.mark.parametrize(
    ("part", "values"), [("fit", {"seed": 9}), ("fit", {"validation_share": 0.3}), ("fit", {"split_seed": 7})]
)
def test_a_teacher_that_learnt_the_students_validation_rows_is_refused(student, part, values):
    with pytest.raises(TeacherUnfit, match="has learnt rows that tiny is validated on"):
        check_recipe_teacher(changed(student, part, **values), student)


@pytest.mark.parametrize(
    ("update", "told"),
    [
        ({"task": "topic"}, "expected a teacher for task 'sentiment'; tiny is for 'topic'"),
        ({"datasets": ("imdb",)}, "expected a teacher of the data sets"),
        ({"distillation": Distillation(teachers=("other",))}, "tiny has teachers itself; name those"),
    ],
)
def test_a_recipe_of_another_kind_cannot_teach(student, update, told):
    with pytest.raises(TeacherUnfit, match=told):
        check_recipe_teacher(student.model_copy(update=update), student)


@pytest.fixture
def version(tmp_path, build_sentiment):
    """A version's folder whose report tells that it was trained so."""

    def build(recipe, **content):
        folder = build_sentiment(tmp_path / "models", **content)
        (folder / "report.json").write_text(json.dumps({"recipe": recipe.model_dump(mode="json")}))
        manifest = read_manifest(folder).model_dump(exclude={"files"})
        write_manifest(folder, manifest)
        return folder

    return build


def test_a_version_says_what_it_thinks_of_texts_by_its_own_words(version, student):
    with version_teacher(version(student), student) as teacher:
        opinions = teacher.label(["good film", "坏", "film"])
        assert (teacher.name, tuple(teacher.labels)) == ("sentiment/1", ("negative", "positive"))
    assert opinions.shape == (3, 2)
    np.testing.assert_allclose(opinions.sum(axis=1), 1, rtol=1e-6)
    assert opinions.argmax(axis=1)[:2].tolist() == [1, 0]
    assert opinions[2].tolist() == [0.5, 0.5]


def test_a_version_that_learnt_the_students_validation_rows_is_refused(version, student):
    folder = version(changed(student, "fit", seed=9))
    with pytest.raises(TeacherUnfit, match="sentiment/1 has learnt rows"), version_teacher(folder, student):
        pass
    other = student.model_copy(update={"datasets": ("chinese_sentiment",)})
    with version_teacher(folder, other) as teacher:
        assert teacher.name == "sentiment/1"


def test_a_version_for_another_task_is_refused(version, student):
    topics = student.model_copy(update={"task": "topic"})
    with (
        pytest.raises(TeacherUnfit, match="expected a teacher for task 'topic'"),
        version_teacher(version(student), topics),
    ):
        pass


def test_a_version_without_a_report_cannot_tell_what_it_learnt(tmp_path, build_sentiment, student):
    folder = build_sentiment(tmp_path)
    with pytest.raises(ModelInvalid, match="does not tell the recipe"), version_teacher(folder, student):
        pass


def test_several_teachers_are_averaged(version, student):
    with version_teacher(version(student), student) as teacher:
        contrary = replace(teacher, run=lambda tensors: {"probabilities": 1 - teacher.run(tensors)["probabilities"]})
        assert isinstance(contrary, Teacher)
        opinions = average_label([teacher, contrary], ["good", "bad"])
    np.testing.assert_allclose(opinions, 0.5, atol=1e-6)
