import json
from pathlib import Path

from app.cli.prediction.chunks import ChunkAsker
from app.cli.prediction.columns import reader_of
from app.cli.prediction.output.answers import answer_columns
from app.cli.prediction.output.formats import JsonLinesFormat
from app.cli.prediction.tables.chunk import Chunk, Row


def test_only_rows_that_can_be_asked_are_asked_and_all_are_written(counting):
    columns = answer_columns(counting.model, ("text",), "")
    reader = reader_of(counting.model, ("text",), (), Path())
    asker = ChunkAsker(counting, reader, columns, JsonLinesFormat(columns), None)
    rows = [Row({"text": "good"}), Row({}, "line 2: broken"), Row({"other": 1}), Row({"text": "bad"})]
    content, errors = asker.answered(Chunk(rows))
    assert counting.asked == ["good", "bad"]
    assert errors == [None, "line 2: broken", "expected a column 'text'; received none in this row", "a bad one"]
    assert [json.loads(line)["error"] for line in content.decode().splitlines()] == errors


def test_a_chunk_of_broken_rows_asks_nobody(counting):
    columns = answer_columns(counting.model, ("text",), "")
    asker = ChunkAsker(counting, lambda _: 1 / 0, columns, JsonLinesFormat(columns), None)
    assert asker.answered(Chunk([Row({}, "broken")]))[1] == ["broken"]
    assert counting.asked == []
