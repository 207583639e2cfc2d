"""A real browser that fails a test on any page error, console error or request that leaves the machine."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

QUIET_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL = ("file:", "data:", "blob:", "about:", "http://127.0.0.1", "http://localhost")
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Watched:
    """A page with what it complained of and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open_file(self, path: Path) -> Page:
        """Open a page from the file system alone."""
        self.page.goto(path.resolve().as_uri())
        return self.page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium once, or playwright's own where the machine has none."""
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET_FLAGS)
        yield running
        running.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """Give a desktop-sized page; by the end it must have had no error and asked nothing of the internet."""
    page = browser.new_page(viewport=DESKTOP)
    seen = Watched(page)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: seen.requests.append(request.url))
    yield seen
    page.close()
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(LOCAL)] == []
