"""One frozen value that holds every setting."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.errors import SettingsInvalid
from app.settings import PREFIX, Settings, read_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)


def test_every_setting_has_a_default_and_a_description():
    Settings()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


def test_without_variables_the_defaults_hold():
    settings = read_settings()
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.workers == len(os.sched_getaffinity(0))
    assert settings.required_models == ()


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("HORNGATE_PORT", "9000", "port", 9000),
        ("horngate_port", "9001", "port", 9001),
        ("HORNGATE_MODELS_DIR", "elsewhere", "models_dir", Path("elsewhere")),
        ("HORNGATE_REQUIRED_MODELS", '["digit", "topic"]', "required_models", ("digit", "topic")),
        ("HORNGATE_ACCESS_LOG", "false", "access_log", False),
        ("HORNGATE_DRAIN_SECONDS", "0.5", "drain_seconds", 0.5),
        ("HORNGATE_LOG_LEVEL", "debug", "log_level", "debug"),
    ],
)
def test_a_variable_sets_its_setting(monkeypatch, variable, text, name, value):
    monkeypatch.setenv(variable, text)
    assert getattr(read_settings(), name) == value


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("HORNGATE_PROT", r"did you mean HORNGATE_PORT\?"),
        ("HORNGATE_MODEL_DIR", r"did you mean HORNGATE_MODELS_DIR\?"),
        ("Horngate_Drain_Second", r"did you mean HORNGATE_DRAIN_SECONDS\?"),
        ("HORNGATE_Q", "known: HORNGATE_ACCESS_LOG, "),
        ("HORNGATE_XYZZY_QUUX_FROBNICATE", "known: HORNGATE_ACCESS_LOG, "),
    ],
)
def test_an_unknown_variable_stops_the_start_and_gets_the_nearest(monkeypatch, variable, hint):
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsInvalid, match=f"there is no setting {variable}; {hint}"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("WORKERS", "0"),
        ("WORKERS", "257"),
        ("WORKERS", "1.5"),
        ("REQUIRED_MODELS", "sentiment"),
        ("REQUIRED_MODELS", ""),
        ("REQUIRED_MODELS", "[1]"),
        ("REQUIRED_MODELS", '{"a": 1}'),
        ("LOG_LEVEL", "loud"),
        ("ACCESS_LOG", "perhaps"),
        ("MAX_BODY_BYTES", "10"),
        ("MAX_REQUEST_ROWS", "0"),
        ("MAX_TEXT_CHARACTERS", "0"),
        ("MAX_QUEUE_ROWS", "0"),
        ("REQUEST_TIMEOUT_SECONDS", "0"),
        ("REQUEST_TIMEOUT_SECONDS", "nan"),
        ("REQUEST_TIMEOUT_SECONDS", "inf"),
        ("DRAIN_SECONDS", "-1"),
        ("DRAIN_SECONDS", "nan"),
        ("DRAIN_DELAY_SECONDS", "601"),
    ],
)
def test_a_wrong_value_stops_the_start_with_the_variable_and_what_came(monkeypatch, name, text):
    monkeypatch.setenv(PREFIX + name, text)
    with pytest.raises(SettingsInvalid) as caught:
        read_settings()
    assert f"HORNGATE_{name}: " in str(caught.value)
    assert f"received {text!r}" in str(caught.value)


def test_names_that_are_no_json_get_an_example(monkeypatch):
    monkeypatch.setenv("HORNGATE_REQUIRED_MODELS", "sentiment,topic")
    with pytest.raises(SettingsInvalid, match=r'names as JSON, such as \["sentiment"\], received \'sentiment,topic\'$'):
        read_settings()


def test_every_wrong_value_is_told_at_once(monkeypatch):
    monkeypatch.setenv("HORNGATE_PORT", "x")
    monkeypatch.setenv("HORNGATE_WORKERS", "y")
    with pytest.raises(SettingsInvalid, match=r"^HORNGATE_PORT: .+, received 'x'; HORNGATE_WORKERS: "):
        read_settings()


def test_an_empty_number_is_wrong_and_not_the_default(monkeypatch):
    monkeypatch.setenv("HORNGATE_PORT", "")
    with pytest.raises(SettingsInvalid, match="HORNGATE_PORT: "):
        read_settings()


def test_variables_of_others_are_none_of_our_business(monkeypatch):
    monkeypatch.setenv("HORNGATEKEEPER", "1")
    monkeypatch.setenv("PORT", "1")
    assert read_settings().port == 8000


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


def test_an_argument_that_is_no_setting_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        Settings(prot=1)
