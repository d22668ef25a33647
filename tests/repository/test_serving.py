"""`serving.json`: the owner's word on one model."""

import pytest

from app.errors import ModelInvalid
from app.repository.serving import ServingConfig, read_serving


def test_without_the_file_nothing_is_pinned(tmp_path):
    assert read_serving(tmp_path) == ServingConfig(default=None, labels={})


def test_default_and_labels_are_read(tmp_path):
    (tmp_path / "serving.json").write_text('{"default": 2, "labels": {"stable": 2, "next": 3}}')
    assert read_serving(tmp_path) == ServingConfig(default=2, labels={"stable": 2, "next": 3})


def test_a_service_level_is_read(tmp_path):
    (tmp_path / "serving.json").write_text('{"slo_p99_ms": 20}')
    assert read_serving(tmp_path) == ServingConfig(slo_p99_ms=20)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"default": 0}', " at default"),
        ('{"default": "two"}', " at default"),
        ('{"labels": {"stable": -1}}', r" at labels\.stable"),
        ('{"slo_p99_ms": 0}', " at slo_p99_ms"),
        ('{"slo_p99_ms": "NaN"}', " at slo_p99_ms"),
        ('{"rollout": {}}', " at rollout"),
    ],
)
def test_what_is_not_valid_is_named(tmp_path, text, place):
    (tmp_path / "serving.json").write_text(text)
    with pytest.raises(ModelInvalid, match=rf"^serving\.json is not valid{place}: "):
        read_serving(tmp_path)
