import re

import pytest

from app.settings import PREFIX, Settings
from scripts.documentation.configuration import configuration_table, unit_of


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """The cells of each setting's row."""
    lines = configuration_table().splitlines()[2:]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_setting_has_a_row_with_type_default_and_meaning(rows):
    assert set(rows) == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert all(len(row) == 3 and all(row) for row in rows.values())


def test_a_settings_unit_and_bounds_stand_before_its_value(rows):
    assert rows["HORNGATE_DRAIN_SECONDS"][:2] == ["seconds: number from 0 to 3,600", "`20`"]
    assert rows["HORNGATE_MAX_BODY_BYTES"][:2] == ["bytes: whole number from 1,024", "`16777216`"]


@pytest.mark.parametrize(
    ("name", "takes", "default"),
    [
        ("HORNGATE_LOG_LEVEL", "`debug`, `info`, `warning`, `error`", "`info`"),
        ("HORNGATE_ACCESS_LOG", "`true` or `false`", "`true`"),
        ("HORNGATE_REQUIRED_MODELS", "list of texts, as JSON", "`[]`"),
        ("HORNGATE_GRPC_PORT", "whole number from 0 to 65,535", "none"),
        ("HORNGATE_WORKERS", "whole number from 1 to 256", "one per core"),
        ("HORNGATE_MODELS_DIR", "path", "`models`"),
    ],
)
def test_types_and_defaults_are_told_as_one_sets_them(rows, name, takes, default):
    assert rows[name][:2] == [takes, default]


@pytest.mark.parametrize(("name", "unit"), [("drain_seconds", "seconds"), ("max_queue_rows", "rows"), ("host", "")])
def test_the_unit_is_what_the_name_ends_with(name, unit):
    assert unit_of(name) == unit
