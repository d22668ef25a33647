"""What can be said of the playground's files without a browser."""

import re
from pathlib import Path

import app.playground

FOLDER = Path(app.playground.__file__).parent
SERVED = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py"}
SCRIPTS = {name: text for name, text in SERVED.items() if name.endswith(".js")}
BUDGET_BYTES = 150_000


def keys_of(name: str) -> set[str]:
    """The keys of a language's words."""
    return {quoted or bare for quoted, bare in re.findall(r'^  (?:"([\w./]+)"|(\w+)): ', SERVED[name], re.MULTILINE)}


def test_all_files_together_stay_within_their_budget() -> None:
    assert sum(len(text.encode()) for text in SERVED.values()) <= BUDGET_BYTES


def test_every_english_text_has_a_chinese_one() -> None:
    """Chinese has the labels' translations besides; in English they are the model's own words."""
    english, chinese = keys_of("en.js"), keys_of("zh.js")
    assert len(english) > 50
    assert english - chinese == set()
    assert {key for key in chinese - english if not key.startswith("label.")} == set()


def test_every_text_that_the_page_marks_exists() -> None:
    marked = re.findall(r'data-t(?:-[a-z-]+)?="([\w.]+)"', SERVED["index.html"])
    assert len(marked) > 5
    assert set(marked) <= keys_of("en.js")


def test_nothing_that_was_written_becomes_markup() -> None:
    """The policy forbids it too; this names the file."""
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:")
    assert [name for name, text in SCRIPTS.items() if forbidden.search(text)] == []


def test_no_file_names_another_host() -> None:
    """Namespaces and links to click on are no requests."""
    loads = re.compile(r"""(?:src|@import|url\()\s*=?\s*["']?(?:https?:)?//""")
    assert [name for name, text in SERVED.items() if loads.search(text)] == []


def test_every_module_that_is_loaded_is_there() -> None:
    loaded = {name for text in SCRIPTS.values() for name in re.findall(r'from "\./([\w.]+)"', text)}
    linked = set(re.findall(r'"playground/([\w.]+)"', SERVED["index.html"]))
    assert loaded <= linked <= SERVED.keys(), "a module that the page does not preload is asked for a round later"
    assert SCRIPTS.keys() - linked == set()
