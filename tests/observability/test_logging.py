"""Structured logs."""

import json
import logging

import pytest

from app.observability.logging import JsonFormatter, configure_logging


@pytest.fixture
def line():
    """What a log record becomes."""

    def make(message: object = "text", *, level: int = logging.INFO, exc_info=None, **extra: object) -> dict:
        record = logging.LogRecord("app.x", level, __file__, 1, message, None, exc_info)
        record.created = 1700000000.0625
        vars(record).update(extra)
        text = JsonFormatter().format(record)
        assert "\n" not in text
        return json.loads(text, parse_constant=pytest.fail)  # NaN is no JSON

    return make


def test_a_line_has_time_level_logger_and_message(line):
    assert line(level=logging.WARNING) == {
        "time": "2023-11-14T22:13:20.062Z",
        "level": "warning",
        "logger": "app.x",
        "message": "text",
    }


def test_the_calls_own_fields_stand_beside_them(line):
    assert line(fields={"folder": "digit/1", "rows": 3})["folder"] == "digit/1"


def test_an_exception_comes_with_its_traceback_on_the_same_line(line):
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("two\nlines")
    told = line(exc_info=(caught.type, caught.value, caught.tb))["exception"]
    assert "Traceback" in told
    assert "ValueError: invalid literal" in told


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (object, "<class 'object'>"),
        (float("nan"), "NaN"),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ("很好", "很好"),
        ("name \udcff", "name \udcff"),
        (b"\xff", "b'\\xff'"),
    ],
    ids=["object", "NaN", "nested", "Chinese", "half a surrogate", "bytes"],
)
def test_whatever_a_field_holds_the_line_is_written(line, value, shown):
    assert line(fields={"value": value})["value"] == shown


def test_a_message_that_utf8_has_no_bytes_for_is_written(line):
    assert line("no folder \udcff")["message"] == "no folder \udcff"


def test_every_logger_writes_json_to_standard_error(capsys, lines_of):
    configure_logging("info")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("app.x").info("hello %s", "you", extra={"fields": {"n": 1}})
    logging.getLogger("app.x").debug("hidden")
    logging.getLogger("uvicorn.access").info("hidden")
    logging.getLogger("httpx").info("hidden")
    output = capsys.readouterr()
    assert output.out == ""
    assert [(line["logger"], line["message"]) for line in lines_of(output.err)] == [
        ("uvicorn.error", "started"),
        ("app.x", "hello you"),
    ]


def test_the_level_is_the_settings(capsys, lines_of):
    configure_logging("error")
    logging.getLogger("app.x").warning("hidden")
    logging.getLogger("app.x").error("shown")
    assert [line["message"] for line in lines_of(capsys.readouterr().err)] == ["shown"]


def test_configuring_twice_writes_every_line_once(capsys, lines_of):
    configure_logging("info")
    configure_logging("info")
    logging.getLogger("app.x").info("once")
    assert len(lines_of(capsys.readouterr().err)) == 1
