import json

import pytest

from app.cli.evaluation.served import open_served
from app.errors import ModelInvalid, ModelNotFound


def test_a_version_is_opened_as_its_plan_says(opened):
    served = opened("sentiment")
    assert (served.name, served.labels, served.is_text) == ("sentiment/1", ("negative", "positive"), True)
    assert (served.running.runtime, served.running.max_batch_rows, served.running.why) == ("onnx", 8, ())


def test_a_digit_model_answers_with_the_ten_digits(opened):
    served = opened("digit/1")
    assert (served.labels, served.is_text) == (tuple("0123456789"), False)


def test_one_instance_is_enough_whatever_the_plan_has(tmp_path, build_topic):
    build_topic(tmp_path, plan={"runtime": "onnx", "instances": 3})
    with open_served(tmp_path, "topic", None) as served:
        assert served.running.instances == 1


def test_a_version_without_a_plan_runs_on_what_can_stand_in_and_says_so(tmp_path, build_topic):
    build_topic(tmp_path, plan=None)
    with open_served(tmp_path, "topic", None) as served:
        assert "horngate calibrate" in served.running.why[0]


def test_another_runtime_is_taken_where_it_is_asked_for(tmp_path, build_topic):
    build_topic(tmp_path, plan={"runtime": "tensorflow", "max_batch_rows": 16})
    with open_served(tmp_path, "topic", "onnx") as served:
        assert (served.running.runtime, served.running.max_batch_rows) == ("onnx", 16)


def test_a_plan_that_makes_no_sense_does_not_hinder_a_runtime_that_is_asked_for(tmp_path, build_topic):
    path = build_topic(tmp_path) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "plan": {"runtime": "abacus"}}))
    with open_served(tmp_path, "topic", "onnx") as served:
        assert (served.running.runtime, served.running.max_batch_rows) == ("onnx", 32)


def test_a_runtime_that_cannot_run_it_is_an_error_and_none_stands_in(tiny_models):
    with (
        pytest.raises(ModelInvalid, match=r"expected to run on tensorflow; tensorflow: "),
        open_served(tiny_models, "topic", "tensorflow"),
    ):
        pass


def test_a_model_of_tensors_has_no_labels_to_compare(tiny_models):
    with (
        pytest.raises(ModelInvalid, match="expected a model of the task sentiment, topic or digit; adder/1 gives"),
        open_served(tiny_models, "adder", None),
    ):
        pass


def test_an_unknown_model_is_an_error_with_the_nearest(tiny_models):
    with pytest.raises(ModelNotFound, match="did you mean 'sentiment'"), open_served(tiny_models, "sentimet", None):
        pass
