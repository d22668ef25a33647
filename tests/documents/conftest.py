"""What stands in the documents, and a place where it can be done: files, a server, ports in place of those written."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
WAIT_SECONDS = 240
FENCE = re.compile(r"^( *)```+ *(\S*)[^\n]*\n(.*?)^\1```+ *$", re.DOTALL | re.MULTILINE)
DECIMAL = re.compile(r"(?<![\d.])-?\d+(?:\.\d+(?:e-?\d+)?|e-?\d+)(?![\d.…])")
GIVEN = {"reviews.csv": "text,label\nA wonderful film,positive\nDull and far too long,negative\nA joy,positive\n"}
"""Files of the reader's own that commands name."""

TOLERANCE = 0.02
"""How far a decimal number may be from the one that is written: processors differ, and so do their kernels."""


@dataclass(frozen=True)
class Block:
    """A code block: where it begins, its language, its text."""

    line: int
    language: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """A page's code blocks, in order; those inside lists and tabs lose their indentation."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, match.start()) + 1, match[2], textwrap.dedent(match[3]))
        for match in FENCE.finditer(text)
    ]


def commands_of(text: str) -> list[tuple[str, str]]:
    """A console block's commands, each with what it is said to answer; `\\` at a line's end goes on with the next."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.split("\n")
        length = next(number for number, line in enumerate(lines, 1) if not line.endswith("\\"))
        found.append(("\n".join(lines[:length]), "\n".join(lines[length:]).strip()))
    return found


def says(actual: str, expected: str) -> bool:
    """Whether an answer is the one that is written: `…` is anything, decimal numbers may differ a little.

    A line that is only `…` stands for any number of lines, none included.
    """
    numbers = DECIMAL.findall(expected)
    lines = (r"(?:.*\n)?" if line == "…" else pattern_of(line) + r"\n" for line in expected.split("\n"))
    match = re.fullmatch("".join(lines), actual.strip() + "\n", re.DOTALL)
    if match is None:
        return False
    pairs = zip(map(float, match.groups()), map(float, numbers), strict=True)
    return all(abs(given - wanted) <= max(TOLERANCE, TOLERANCE * abs(wanted)) for given, wanted in pairs)


def pattern_of(line: str) -> str:
    """What a line must look like; each decimal number is a group."""
    return r"(-?[\d.]+(?:e-?\d+)?)".join(re.escape(part).replace("…", ".*") for part in DECIMAL.split(line))


class Server:
    """A running `horngate serve` of one worker, and what it has logged."""

    def __init__(self, folder: Path, temporary: Path, *arguments: str) -> None:
        self.lines: list[str] = []
        self._news = threading.Condition()
        # Of an option that stands twice the last counts.
        ports = ["--port", "0", "--grpc-port", "0", "--workers", "1"]
        self.process = subprocess.Popen(
            [BIN / "horngate", "serve", *arguments, *ports],
            cwd=folder,
            env=environment(temporary),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """Keep what it says, to its end."""
        stream = self.process.stdout
        assert stream is not None
        for line in stream:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        with self._news:
            self.lines.append("")
            self._news.notify_all()

    def logged(self, message: str) -> dict[str, Any]:
        """The log's line with this message, as soon as it is there; fails where the server ends without it."""
        with self._news:
            self._news.wait_for(lambda: self.lines[-1:] == [""] or self._find(message), WAIT_SECONDS)
            found = self._find(message)
        assert found, f"no {message!r} in {''.join(self.lines)}"
        return found

    def _find(self, message: str) -> dict[str, Any]:
        parsed = (json.loads(line) for line in self.lines if line.startswith("{"))
        return next((line for line in parsed if line.get("message") == message), {})

    def wait(self) -> None:
        """Until it answers and its models are loaded: where that takes long, it answers before."""
        self.logged("Application startup complete.")
        self.logged("loading is over")

    def log(self) -> str:
        """Everything that it has logged until it was ready."""
        self.wait()
        return self.as_written("".join(self.lines))

    def as_written(self, text: str) -> str:
        """What is told of its addresses, with those that the documents write."""
        for written, real in self.addresses().items():
            text = text.replace(real, written)
        return text

    def addresses(self) -> dict[str, str]:
        """The addresses that the documents write, and those that they stand for."""
        self.wait()
        port = self.logged("listening")["url"].rpartition(":")[2]
        grpc = self.logged("gRPC is open")["address"].rpartition(":")[2]
        hosts = ("localhost", "127.0.0.1")
        return {f"{host}:8000": f"{host}:{port}" for host in hosts} | {
            f"{host}:8001": f"{host}:{grpc}" for host in hosts
        }

    def close(self) -> None:
        """End it, with everything that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT_SECONDS)
        self._reader.join(WAIT_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()


def environment(temporary: Path) -> dict[str, str]:
    """Ours without any setting of the server's, with our commands first; temporary files go into a folder of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HORNGATE_", "PROMETHEUS_"))}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONWARNINGS": "ignore", "COLUMNS": "100"}
    return {**kept, **quiet, "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}", "TMPDIR": str(temporary)}


@dataclass
class Place:
    """A folder like a fresh clone of the repository, and the server that the commands typed there ask."""

    folder: Path
    temporary: Path
    shared: Callable[[], Server]
    own: list[Server] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """A command as somebody types it, to its end; both its outputs in one, with the ports that are written."""
        done = subprocess.run(
            ["bash", "-c", self._addressed(command)],
            cwd=self.folder,
            env=environment(self.temporary),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
        for server in self.servers:
            done.stdout = server.as_written(done.stdout)
        return done

    def serve(self, *arguments: str) -> Server:
        """A server over this folder's models; from now on it is the one that is asked."""
        self.own.append(Server(self.folder, self.temporary, *arguments))
        self.servers.append(self.own[-1])
        return self.own[-1]

    def python(self, source: str) -> subprocess.CompletedProcess[str]:
        """A script of its own."""
        (self.folder / "script.py").write_text(self._addressed(source), encoding="utf-8")
        return self.run("python script.py")

    def doctest(self, examples: str) -> subprocess.CompletedProcess[str]:
        """An interactive session."""
        (self.folder / "session.txt").write_text(self._addressed(examples), encoding="utf-8")
        return self.run("python -m doctest -o ELLIPSIS session.txt")

    def _addressed(self, text: str) -> str:
        """The text with the server's own ports in place of those that are written."""
        if not re.search(r"(localhost|127\.0\.0\.1):800[01]", text):
            return text
        if not self.servers:
            self.servers.append(self.shared())
        server = self.servers[-1]
        for written, real in server.addresses().items():
            text = text.replace(written, real)
        return text

    def close(self) -> None:
        """End its servers and remove the folder."""
        for server in self.own:
            server.close()
        shutil.rmtree(self.folder)
        shutil.rmtree(self.temporary, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Server]]:
    """The server over the shipped models that all pages ask which start none themselves; started when first asked."""
    started: list[Server] = []

    def server() -> Server:
        if not started:
            started.append(Server(ROOT, tmp_path_factory.mktemp("temporary")))
        return started[0]

    yield server
    for each in started:
        each.close()


@pytest.fixture(scope="session")
def make_place(tmp_path_factory: pytest.TempPathFactory, shared_server: Callable[[], Server]) -> Callable[[], Place]:
    """Makes a folder with what a clone has, its models being a copy that may be changed."""

    def make() -> Place:
        folder = tmp_path_factory.mktemp("clone")
        shutil.copytree(ROOT / "models", folder / "models")
        for name in ("docs", "recipes", "docker-compose.yml", "constraints.txt"):
            (folder / name).symlink_to(ROOT / name)
        for name, text in GIVEN.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / ".venv").mkdir()
        (folder / ".venv" / "bin").symlink_to(BIN)
        return Place(folder, tmp_path_factory.mktemp("temporary"), shared_server)

    return make


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Iterator[Place]:
    """Such a folder for one page."""
    made = make_place()
    yield made
    made.close()


@pytest.fixture(scope="session")
def blocks() -> Callable[[Path], list[Block]]:
    return blocks_of


@pytest.fixture(scope="session")
def commands() -> Callable[[str], list[tuple[str, str]]]:
    return commands_of


@pytest.fixture(scope="session")
def answers() -> Callable[[str, str], bool]:
    return says


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
