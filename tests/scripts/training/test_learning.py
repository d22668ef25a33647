import json

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training import loop
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.hardware import open_strategy
from scripts.training.learning import Places, learn, learn_to_teach
from scripts.training.methods.findings import kept_findings
from scripts.training.methods.teachers import Teacher, TeacherUnfit
from scripts.training.methods.teaching import OPINIONS, label_of, open_teachers
from scripts.training.precision import computing_in
from scripts.training.progress import read_progress
from scripts.training.recipe import read_recipe

DIGIT = 'name = "tiny_digit"'


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path, tmp_path / "runs", tmp_path / "models", tmp_path / "recipes")


@pytest.fixture
def student(recipe_file, places):
    """A recipe that learns from another of its folder, which is there too."""

    def make(line='teachers = ["tiny_digit"], weight = 0.9, temperature = 2.0'):
        places.recipes.mkdir(exist_ok=True)
        (places.recipes / "tiny_digit.toml").write_text(recipe_file("digit", epochs=1).read_text())
        path = recipe_file("digit", epochs=1, replace=(DIGIT, f'name = "student"\ndistillation = {{ {line} }}'))
        return read_recipe(path)

    return make


def train(recipe, places, *, resume=False):
    strategy = open_strategy()
    progress = loop.open_run(places.runs / recipe.name, recipe, {}, resume=resume)
    with open_teachers(recipe, places.recipes, lambda other: learn_to_teach(places, {}, strategy, other)) as teachers:
        return learn(recipe, places, strategy, progress, teachers=teachers)


def test_a_teacher_is_trained_first_and_what_it_thinks_is_kept_in_the_students_run(student, places):
    learnt = train(student(), places)
    opinions = np.load(places.runs / "student" / OPINIONS)
    assert opinions.shape == (len(learnt.material.training.targets), 10)
    assert len(learnt.progress.epochs) == 1
    (told,) = kept_findings(places.runs / "student")["teachers"]
    assert told["name"] == "tiny_digit"
    assert set(told["best_epoch"]) >= {"val_loss", "val_accuracy"}

    taught = places.runs / "tiny_digit"
    before = {path.name: path.stat().st_mtime_ns for path in taught.iterdir() if path.is_file()}
    train(student(), places, resume=True)
    assert {path.name: path.stat().st_mtime_ns for path in taught.iterdir() if path.is_file()} == before


def test_a_teacher_of_the_same_view_is_asked_about_the_changed_pictures(student, places):
    learnt = train(student('teachers = ["tiny_digit"], view = "same"'), places)
    assert not (places.runs / "student" / OPINIONS).exists()
    assert np.isfinite(learnt.progress.epochs[0]["loss"])


def test_an_encoders_opinions_are_kept_and_told_as_a_teachers_are(recipe_file, places, encoder_path, monkeypatch):
    pytest.importorskip("openvino", reason="the encoder runs on OpenVINO")
    monkeypatch.syspath_prepend(encoder_path.parent.parent)
    line = 'distillation = { weight = 0.3, encoder = { package = "madeupencoder", layers = [1, 2] } }\noptimiser ='
    recipe = read_recipe(recipe_file(epochs=1, replace=("optimiser =", line)))
    learnt = train(recipe, places)
    opinions = np.load(places.runs / recipe.name / OPINIONS)
    np.testing.assert_allclose(opinions.sum(axis=1), np.ones(len(learnt.material.training.targets)), rtol=1e-5)
    assert kept_findings(places.runs / recipe.name)["teachers"] == [{"name": "madeupencoder", "sha256": None}]


def test_a_teacher_answers_in_its_recipes_own_precision(recipe_file, places):
    line = 'compute = { precision = "mixed_bfloat16" }'
    recipe = read_recipe(recipe_file("digit", epochs=1, replace=(DIGIT, f"{DIGIT}\n{line}")))
    pictures = np.random.default_rng(0).random((4, 28, 28), np.float32)
    answers = learn_to_teach(places, {}, open_strategy(), recipe).label(list(pictures))

    def answered_in(precision):
        with computing_in(precision):
            model = build(recipe, 0, 10)
        run = places.runs / recipe.name
        loop.restore_best(model, run, read_progress(run))
        return model.predict_on_batch(pictures[..., np.newaxis])

    np.testing.assert_array_equal(answers, answered_in("mixed_bfloat16"))
    assert np.abs(answers - answered_in("float32")).max() > 0


def test_a_teacher_of_other_labels_is_refused(student, images, places):
    recipe = student()
    material = prepare(recipe, [load_dataset(f"images:{images}", None)])
    teacher = Teacher("other/1", ("a", "b"), material.task, lambda tensors: {}, "probabilities", {})
    with pytest.raises(TeacherUnfit, match=r"expected a teacher of the labels .*; other/1 has \['a', 'b'\]"):
        label_of(recipe, material, [teacher], places.runs)


def test_folds_are_trained_before_the_model_itself_and_told(recipe_file, places):
    recipe = read_recipe(recipe_file("digit", epochs=1, replace=(DIGIT, f"{DIGIT}\nfolds = {{ count = 2 }}")))
    train(recipe, places)
    run = places.runs / "tiny_digit"
    found = json.loads((run / "findings.json").read_text())["folds"]
    assert [fold["rows"] for fold in found["folds"]] == [40, 40]
    assert (run / "fold_1" / "best.npz").is_file()
    assert (run / "best.npz").is_file()
