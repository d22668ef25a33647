import pytest

from scripts.documentation.schemas import anchor, field_rows, words_of

NUMBER = {"type": "number", "minimum": -3.4e38, "maximum": 3.4e38}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "binary"}, "a file's bytes"),
        ({"type": "integer", "minimum": 1}, "whole number, at least 1"),
        ({"type": "number", "maximum": 1}, "number, at most 1"),
        ({"type": "number", "minimum": 0, "maximum": 1}, "number, 0 to 1"),
        (NUMBER, "number"),
        ({"enum": ["high", "low"]}, "`high`, `low`"),
        ({"const": "digit"}, "`digit`"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, "list of at least one text"),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, "object with `a`, `b`"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number by name"),
        ({"type": "object"}, "object"),
        ({}, "anything"),
        ({"$ref": "#/components/schemas/Predictions_Digit_"}, "[Predictions Digit](#schema-predictions-digit)"),
    ],
)
def test_a_schema_is_told_in_words(schema, words):
    assert words_of(schema) == words


def test_lists_in_lists_are_one_tensor():
    inner = {"type": "array", "items": NUMBER, "minItems": 28, "maxItems": 28}
    assert words_of({"type": "array", "items": inner}) == "list of n×28 number"


def test_a_fields_row_says_whether_it_must_be_there_and_what_stands_in_for_it():
    schema = {
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "description": "a | b"},
            "rows": {"type": "integer", "default": 40},
            "texts": {"type": "null"},
        },
    }
    assert field_rows(schema) == [
        "| `text` | text, required | a \\| b |",
        "| `rows` | whole number, without it `40` |  |",
    ]


def test_links_lead_to_anchors_that_headings_can_have():
    assert anchor("Predictions_DigitReading_") == "schema-predictions-digitreading"
