"""A real Chromium before a real server; whatever the browser complains of fails the test that made it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")

PATIENCE_SECONDS = 120.0
"""For whatever comes in the end: a busy machine is slow, and nothing here is about speed."""


class Server:
    """A running `horngate serve`."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.url = url
        self._process = process

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.url).port or 80

    def stop(self) -> None:
        """Kill it with all its workers: from now on nobody answers, and the port is free."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)


Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, running: Any, eventually: Callable[..., Any]) -> Serve:
    """Runs the command over a models folder until the block ends; when it begins, the models are loaded.

    `port` makes it come back where another was.
    """

    @contextmanager
    def run(models: Path, *, port: int = 0, workers: int = 1) -> Iterator[Server]:
        folder = tmp_path_factory.mktemp("served")
        options = ["--port", port, "--workers", workers, "--models-dir", models]
        with running(folder, "serve", *options) as process:
            url = str(eventually(lambda: _url_in(folder / "log"), PATIENCE_SECONDS))
            eventually(lambda: _is_ready(url), PATIENCE_SECONDS)
            yield Server(process, url)

    return run


def _url_in(log: Path) -> str:
    """Where the server of this log listens; empty before it says so."""
    _, found, rest = log.read_text("utf-8").partition('"url":"')
    return rest.partition('"')[0] if found else ""


def _is_ready(url: str) -> bool:
    """Whether the server takes predictions."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/health/ready", timeout=PATIENCE_SECONDS, verify=False).status_code == 200
    return False


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    """The shipped models, served by one worker."""
    with serve(ROOT / "models") as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; ended with its module, since while Playwright is there no other test can run an event loop."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("needs Debian's package chromium")
    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS, timeout=1000 * PATIENCE_SECONDS)
        yield browser
        browser.close()


@pytest.fixture
def tolerated() -> list[str]:
    """Parts of what the browser may complain of in this test; empty at first."""
    return []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tolerated: list[str]) -> Iterator[OpenPage]:
    """Opens an address in a fresh context with Playwright's options for one, such as `locale` or `color_scheme`.

    At the end no page may have logged an error, broken its Content-Security-Policy or asked another host.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(url: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        page = context.new_page()
        _listen(page, urlsplit(url).netloc, complaints)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in complaints if not any(part in one for part in tolerated)] == []


def _listen(page: Page, host: str, complaints: list[str]) -> None:
    """Note whatever a page should not do."""

    def logged(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != host:
            complaints.append(f"another host: {request.url}")

    page.on("console", logged)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("request", asked)


@pytest.fixture
def page(open_page: OpenPage, server: Server) -> Page:
    """The playground over the shipped models, in English."""
    return open_page(server.url, locale="en-GB")


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], Path]:
    """Keeps a picture of the whole page in build/screenshots, where people look at it."""

    def keep(page: Page, name: str) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return keep


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical on a page: the rule and where."""
    axe = Axe()

    def findings(page: Page) -> list[str]:
        return [
            f"{violation['id']}: {violation['help']}: {node['html']} {node['failureSummary']}"
            for violation in axe.run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return findings


@pytest.fixture(scope="session")
def draw_seven() -> Callable[[Page], None]:
    """Draws a 7 with the mouse on the sheet that is open."""
    corners = [(0.28, 0.24), (0.74, 0.24), (0.6, 0.55), (0.46, 0.84)]

    def draw(page: Page) -> None:
        sheet = page.locator(".panel:not([hidden]) canvas.paper")
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box is not None
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=5)
        page.mouse.up()

    return draw
