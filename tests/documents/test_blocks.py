"""Every command and code block of the documents does what the page says.

`console` blocks are typed into a shell beside a real server on the shipped models, `python` blocks are run each as a
script, `pycon` blocks as doctests, recipes are read by the recipe reader, JSON and YAML parsed. In an answer that is
written, `…` is anything.
"""

import json
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.training.recipe import Recipe

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "reference").glob("*.md")),
    ROOT / "ARCHITECTURE.md",
    ROOT / "README.md",
]

MAKER, TAKER, MADE = "docs/keras.md", "README.md", Path("models", "iris")
"""One page makes a model, the other asks it: made once, for that takes TensorFlow."""

NOT_RUN: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("not_run.yaml").read_text(encoding="utf-8")
)
"""Commands that no test can run, by page, each with the reason."""

TRAINS = {"docs/keras.md", "docs/from-fastapi.md"}
"""Pages whose blocks use Keras."""

SERVES = ("make serve", "horngate serve")
"""Commands that go on until they are ended: a server on a free port, of one worker, stands for them."""

PLAIN = {"", "text"}
"""Blocks that are no code: drawings and messages."""

pytestmark = pytest.mark.timeout(400)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the made model waits for the page that asks it."""
    return tmp_path_factory.mktemp("kept") / MADE.name


@dataclass
class Reader:
    """Somebody who does what a page says, in one place, from its top to its end."""

    page: str
    place: Any
    commands: Callable[[str], list[tuple[str, str]]]
    answers: Callable[[str, str], bool]
    kept: Path

    def console(self, block: Any) -> None:
        for command, expected in self.commands(block.text):
            if command in NOT_RUN.get(self.page, {}):
                self.skipped(command)
                continue
            if command.startswith(SERVES):
                log = self.place.serve(*command.split()[2:]).log()
                self.holds(block, command, log, f"{expected}\n…" if expected else "")
            else:
                done = self.place.run(command)
                self.holds(block, command, done.stdout, expected, is_right=done.returncode == 0)

    def skipped(self, command: str) -> None:
        """What one page adds and another page has made is put into its place."""
        if self.page == TAKER and command.startswith("horngate models add"):
            shutil.copytree(self.kept, self.place.folder / MADE)

    def python(self, block: Any) -> None:
        done = self.place.python(block.text)
        self.holds(block, block.text, done.stdout, "", is_right=done.returncode == 0)

    def pycon(self, block: Any) -> None:
        """Nothing yet: `doctest` runs a page's examples together."""

    def toml(self, block: Any) -> None:
        changed = tomllib.loads(block.text)
        for key, value in tomllib.loads((ROOT / "recipes" / "topic.toml").read_text(encoding="utf-8")).items():
            changed[key] = value | changed.get(key, {}) if isinstance(value, dict) else changed.get(key, value)
        Recipe.model_validate_json(json.dumps(changed))

    def json(self, block: Any) -> None:
        json.loads(block.text)

    def yaml(self, block: Any) -> None:
        yaml.safe_load(block.text)

    def doctest(self, examples: str) -> None:
        done = self.place.doctest(examples.replace("…", "..."))
        assert done.returncode == 0, f"{self.page}: {done.stdout}"

    def holds(self, block: Any, given: str, received: str, expected: str, *, is_right: bool = True) -> None:
        """Fail with the place, what was typed, what the page says and what came."""
        where = f"{self.page}:{block.line}: {given}\n--- expected\n{expected}\n--- received\n{received}"
        assert is_right, where
        assert not expected or self.answers(received, expected), where


@pytest.fixture
def reading(
    place: Any, kept: Path, commands: Callable[[str], list[tuple[str, str]]], answers: Callable[[str, str], bool]
) -> Callable[[Path], Reader]:
    """Somebody who begins to read a page."""
    return lambda page: Reader(name_of(page), place, commands, answers, kept)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_does_what_its_page_says(
    page: Path, reading: Callable[[Path], Any], kept: Path, blocks: Callable[..., Any]
) -> None:
    reader = reading(page)
    if reader.page == TAKER and not kept.exists():
        pytest.skip(f"asks the model that {MAKER} makes, which has not run")
    if reader.page in TRAINS and find_spec("tensorflow") is None:
        pytest.skip("needs the tensorflow extra")
    found = blocks(page)
    if shutil.which("curl") is None and any("$ curl " in block.text for block in found):
        pytest.skip("needs curl")
    for block in found:
        if block.language not in PLAIN:
            getattr(reader, block.language)(block)
    examples = "\n".join(block.text for block in found if block.language == "pycon")
    if examples:
        reader.doctest(examples)
    if reader.page == MAKER:
        shutil.copytree(reader.place.folder / MADE, kept)


@pytest.mark.parametrize("page", sorted(NOT_RUN))
def test_what_is_not_run_still_stands_on_its_page_and_has_a_reason(
    page: str, blocks: Callable[..., Any], commands: Callable[..., Any]
) -> None:
    consoles = [block.text for block in blocks(ROOT / page) if block.language == "console"]
    written = {command for text in consoles for command, _ in commands(text)}
    assert set(NOT_RUN[page]) <= written
    assert all(NOT_RUN[page].values())


def test_no_more_is_left_unrun_than_there_was() -> None:
    assert sum(len(commands) for commands in NOT_RUN.values()) == 21
