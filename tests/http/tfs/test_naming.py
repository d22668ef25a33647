"""Paths of TensorFlow Serving's REST, and what they name."""

import pytest

from app.http.tfs.naming import asked_by, route_of, told_by


@pytest.mark.parametrize(
    ("path", "named", "route"),
    [
        ("/v1/models/a:predict", {"model": "a", "method": "predict"}, "/v1/models/{model}:predict"),
        (
            "/V1/Models/A/Versions/7:Classify",
            {"model": "A", "version": "7", "method": "classify"},
            "/v1/models/{model}/versions/{version}:classify",
        ),
        (
            "/v1/models/../labels/x y:regress",
            {"model": "..", "label": "x y", "method": "regress"},
            "/v1/models/{model}/labels/{label}:regress",
        ),
    ],
)
def test_a_prediction_names_a_model_and_a_method_in_any_case(path: str, named: dict, route: str) -> None:
    assert asked_by(path) == named
    assert route_of(named) == route
    assert told_by(path) is None


@pytest.mark.parametrize(
    ("path", "named", "route"),
    [
        ("/v1/models/a", {"model": "a"}, "/v1/models/{model}"),
        ("/v1/models/metadata", {"model": "metadata"}, "/v1/models/{model}"),
        (
            "/v1/MODELS/a/labels/b/METADATA",
            {"model": "a", "label": "b", "method": "metadata"},
            "/v1/models/{model}/labels/{label}/metadata",
        ),
    ],
)
def test_what_is_told_of_a_model_may_be_metadata(path: str, named: dict, route: str) -> None:
    assert told_by(path) == named
    assert route_of(named) == route
    assert asked_by(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/",
        "/v1/models/a/",
        "/v1/models/a:predict/",
        "/v1/models/a:explain",
        "/v1/models/a/b:predict",
        "/v1/models/a/versions/\N{ARABIC-INDIC DIGIT TWO}:predict",
        "/v1/models/a/versions/-1:predict",
        "/v1/models/a:predict\n",
        "/v2/models/a",
    ],
)
def test_other_paths_name_nothing(path: str) -> None:
    assert asked_by(path) is None
    assert told_by(path) is None
