"""The whole benchmark as Markdown and JSON."""

import json

from scripts.benchmark.document import to_json, to_markdown, write_files
from scripts.benchmark.result import Aim, Section

SECTIONS = {
    "one": Section("First", [["head"], ["cell"]], [Aim("speed", "≥ 2", "3.00", True)], ["A note."], {"runs": [1.5]}),
    "two": Section("Second", [], [Aim("size", "≤ 1", "–", None)]),
}


def test_the_aims_of_all_sections_stand_in_one_table():
    text = to_markdown({"date": "today"}, SECTIONS)
    assert "- date: today" in text
    assert "| speed | ≥ 2 | 3.00 | yes |\n| size | ≤ 1 | – | not measured |" in text


def test_each_section_has_its_table_and_notes():
    text = to_markdown({}, SECTIONS)
    assert "## First\n\n| head |\n| --- |\n| cell |\n\n- A note.\n\n## Second\n" in text


def test_without_aims_there_is_no_table_of_them():
    assert "reached" not in to_markdown({}, {"one": Section("First", [["head"]])})


def test_both_files_are_written(tmp_path):
    write_files(tmp_path / "new" / "result", "text", to_json({"date": "today"}, SECTIONS))
    assert (tmp_path / "new" / "result.md").read_text(encoding="utf-8") == "text"
    figures = json.loads((tmp_path / "new" / "result.json").read_text(encoding="utf-8"))
    assert figures["machine"] == {"date": "today"}
    assert figures["sections"]["one"]["figures"] == {"runs": [1.5]}
