from scripts.documentation.operations import first_example, operation_section, schema_section, shortened

OPERATION = {
    "summary": "Predict",
    "parameters": [{"name": "X-Priority", "in": "header", "schema": {"type": "string"}, "description": "Who first"}],
    "requestBody": {
        "content": {
            "application/json": {"schema": {"type": "object"}, "examples": {"one": {"value": {"rows": [0] * 9}}}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
        }
    },
    "responses": {
        "200": {"description": "The answer", "content": {"text/plain": {"schema": {}}}},
        "404": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
        "503": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    },
}


def test_an_operation_has_its_parameters_bodies_exchange_and_answers():
    section = operation_section("post", "/predict/m", OPERATION, {"label": "cat"})
    assert section.startswith("### `POST /predict/m`\n\nPredict.\n\n")
    assert "| `X-Priority` | header | text | Who first |" in section
    assert "- `image/png`: a file's bytes" in section
    assert '``` json title="sent"\n{\n  "rows": [0, 0, 0, 0, "…"]\n}\n```' in section
    assert '``` json title="answered"\n{\n  "label": "cat"\n}\n```' in section
    assert "- 200: The answer: `text/plain`" in section
    assert "- 404, 503: [Problem](#schema-problem); [what each means](errors.md)" in section


def test_an_operation_without_body_and_answer_has_no_exchange():
    section = operation_section("get", "/health", {"responses": {"200": {"description": "Fine"}}})
    assert section == "### `GET /health`\n\nAnswers:\n\n- 200: Fine: no body"


def test_the_first_json_example_is_what_is_asked():
    assert first_example(OPERATION) == {"rows": [0] * 9}
    assert first_example({}) is None


def test_long_values_are_cut_and_say_so():
    assert shortened({"a": "x" * 200, "b": [1, 2, 3, 4]}) == {"a": "x" * 100 + "…", "b": [1, 2, 3, 4]}
    assert shortened([1, 2, 3, 4, 5]) == [1, 2, 3, 4, "…"]


def test_a_schema_stands_where_links_find_it():
    schema = {"description": "Where.", "properties": {"start": {"type": "integer"}}}
    assert schema_section("Seen", schema) == (
        "### Seen { #schema-seen }\n\nWhere.\n\n| field | is | |\n|---|---|---|\n| `start` | whole number |  |"
    )
