import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli.prediction.model import Failed
from app.cli.prediction.output.answers import AnswerColumns, answer_columns
from app.cli.prediction.output.formats import CsvFormat, JsonLinesFormat, json_text
from app.cli.prediction.output.parquet import ParquetFormat
from app.cli.prediction.tables.chunk import Chunk, Row
from app.labelled.errors import DataInvalid
from app.types import TensorSpec

POSITIVE = {"label": "positive", "score": 0.75, "probabilities": {"negative": 0.25, "positive": 0.75}}
CHUNK = Chunk([Row({"text": "好,\n", "n": 1}), Row({"text": None, "more": [1, {"a": b"x"}]}, "broken")])


@pytest.fixture
def columns(text_model) -> AnswerColumns:
    return answer_columns(text_model, ("text", "n"), "")


@pytest.fixture
def answers(columns):
    return [columns.values(POSITIVE), columns.values(Failed("broken"))]


def test_the_answers_columns_are_the_class_its_score_each_probability_and_the_error(columns, answers):
    assert columns.names == ("answer", "score", "p(negative)", "p(positive)", "error")
    assert answers == [["positive", 0.75, 0.25, 0.75, None], [None, None, None, None, "broken"]]


def test_digits_and_tensors_have_columns_of_their_own(picture_model, tensor_model):
    digit = answer_columns(picture_model, ("image",), "")
    assert digit.values({"digit": 7, "score": 0.5, "probabilities": [0.05] * 10})[:3] == [7, 0.5, 0.05]
    plain = answer_columns(tensor_model(x=(2,)), ("x",), "")
    assert plain.names == ("scores", "error")
    assert plain.values({"outputs": {"scores": [1, 2]}}) == [[1, 2], None]
    named = answer_columns(tensor_model(labels=("cat", "dog"), x=(2,)), ("x",), "")
    assert named.names == ("answer", "score", "p(cat)", "p(dog)", "scores", "error")


def test_a_name_that_is_taken_is_refused_with_what_to_do(text_model):
    with pytest.raises(DataInvalid, match=r"expected no column 'score', .*--prefix sentiment_"):
        answer_columns(text_model, ("text", "score"), "")
    assert answer_columns(text_model, ("text", "score"), "my_").names[1] == "my_score"


def test_json_lines_keep_every_column_of_a_row(columns, answers):
    lines = JsonLinesFormat(columns).encode(CHUNK, answers).decode().splitlines()
    first, second = map(json.loads, lines)
    assert first == {"text": "好,\n", "n": 1, "answer": "positive", "score": 0.75, "p(negative)": 0.25} | {
        "p(positive)": 0.75,
        "error": None,
    }
    assert second["more"] == [1, {"a": "eA=="}]
    assert second["error"] == "broken"


def test_csv_keeps_the_tables_columns(columns, answers):
    made = CsvFormat(("text", "n"), columns)
    text = (made.head() + made.encode(CHUNK, answers)).decode()
    assert list(csv.reader(text.splitlines(keepends=True))) == [
        ["text", "n", *columns.names],
        ["好,\n", "1", "positive", "0.75", "0.25", "0.75", ""],
        ["", "", "", "", "", "", "broken"],
    ]


def test_csv_tells_lists_as_json(tensor_model):
    made = CsvFormat(("x",), answer_columns(tensor_model(x=(2,)), ("x",), ""))
    assert made.encode(Chunk([Row({"x": True})]), [[[1.0, 2.0], None]]).decode() == 'true,"[1.0, 2.0]",\n'


def test_json_has_neither_nan_nor_infinity():
    assert json_text({"a": [float("nan"), {"b": float("inf")}, 1.5, b"x"]}) == '{"a": [null, {"b": null}, 1.5, "eA=="]}'


def written(made, chunk, answers, tmp_path):
    (tmp_path / "stream").write_bytes(made.head() + made.encode(chunk, answers) + made.encode(chunk, answers))
    made.finish(tmp_path / "stream", tmp_path / "a.parquet")
    return pq.read_table(tmp_path / "a.parquet")


def test_parquet_of_a_text_table_holds_texts(columns, answers, tmp_path):
    table = written(ParquetFormat(("text", "more"), None, columns), CHUNK, answers, tmp_path)
    assert table.num_rows == 4
    assert table.to_pylist()[1]["more"] == '[1, {"a": "eA=="}]'
    assert table.to_pylist()[0]["p(positive)"] == 0.75


def test_parquet_of_typed_columns_keeps_their_types(tensor_model, tmp_path):
    arrow = pa.record_batch({"x": pa.array([[1.5, 2.5]], pa.list_(pa.float32()))})
    columns = answer_columns(tensor_model(labels=("cat", "dog"), x=(2,)), ("x",), "")
    made = ParquetFormat(("x",), arrow.schema, columns)
    answer = ["cat", 0.9, 0.9, 0.1, [0.9, 0.1], None]
    table = written(made, Chunk([Row({"x": [1.5, 2.5]})], arrow), [answer], tmp_path)
    assert str(table.schema.field("x").type.value_type) == "float"
    assert str(table.schema.field("scores").type.value_type) == "float"
    assert table.to_pylist()[1]["answer"] == "cat"


def test_parquet_is_written_in_groups_of_rows(columns, answers, tmp_path, monkeypatch):
    monkeypatch.setattr("app.cli.prediction.output.parquet.GROUP_ROWS", 2)
    written(ParquetFormat(("text",), None, columns), CHUNK, answers, tmp_path)
    assert pq.ParquetFile(tmp_path / "a.parquet").metadata.num_row_groups >= 2


def test_parquet_has_strings_where_a_model_gives_strings(tmp_path):
    columns = AnswerColumns("", (), (TensorSpec("word", "string", (None,)),), is_digit=False)
    table = written(ParquetFormat((), None, columns), Chunk([Row({})]), [["a", None]], tmp_path)
    assert table.to_pylist()[0]["word"] == "a"
