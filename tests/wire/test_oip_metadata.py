"""Descriptions in the protocol's words."""

import logging
from types import SimpleNamespace

import pytest

from app.types import Signature, TensorSpec
from app.wire.oip_metadata import index_entry, log_settings, model_config, model_metadata

SIGNATURE = Signature((TensorSpec("x", "float16", (None, 28, None)),), (TensorSpec("y", "string", (None,)),))


def test_metadata_have_the_rows_and_the_configuration_has_not() -> None:
    metadata = model_metadata("m", [2, 1], "onnx", SIGNATURE)
    running = SimpleNamespace(runtime="onnx", instances=3, max_batch_rows=8)
    config = model_config("m", 2, SIGNATURE, running)
    assert metadata["versions"] == ["2", "1"]
    assert metadata["inputs"] == [{"name": "x", "datatype": "FP16", "shape": [-1, 28, -1]}]
    assert config["input"] == [{"name": "x", "data_type": "TYPE_FP16", "dims": [28, -1]}]
    assert config["output"] == [{"name": "y", "data_type": "TYPE_STRING", "dims": []}]
    assert (config["platform"], config["max_batch_size"], config["instance_group"][0]["count"]) == ("onnx", 8, 3)


def test_an_entry_with_a_reason_is_unavailable() -> None:
    assert index_entry("m", "1")["state"] == "READY"
    assert index_entry("m", "1", "broken")["state"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("level", "on"),
    [
        (logging.DEBUG, [True, True, True, 1]),
        (logging.INFO, [True, True, True, 0]),
        (logging.WARNING, [True, True, False, 0]),
        (logging.ERROR, [True, False, False, 0]),
    ],
)
def test_switches_follow_the_level(level: int, on: list) -> None:
    settings = log_settings(level)
    assert [settings[f"log_{name}"] for name in ("errors", "warnings", "info", "verbose_level")] == on
