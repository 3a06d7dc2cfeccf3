"""Chromium for tests: one a module and worker, in which each test opens windows of its own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright
from sites import Sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Request, Response
    from walk import Device, Place

LOOKING = (Path(__file__).parent / "browser" / "looking.js").read_text(encoding="utf-8")
# Without these Chromium looks for updates, accounts and QUIC where a test machine has no way to; and text would be
# smoothed by what the screen is thought to be.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-lcd-text", "--font-render-hinting=none"),
)
# In milliseconds; a page takes a tenth of a second where the machine has nothing else to do, and a click less.
PATIENCE = 45_000
PATIENCE_OF_A_CLICK = 15_000


@dataclass
class Window:
    """A page in a browser, and all that was said and asked for while it was there.

    Attributes:
        said: errors and warnings of its console.
        asked: every address that was asked for, in order.
        failed: what was not answered, or was refused, as `STATUS ADDRESS`.
    """

    page: Page
    sites: Sites
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_OF_A_CLICK)
        self.page.set_default_navigation_timeout(PATIENCE)
        self.page.on("console", lambda message: self._listen(message.type, message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._ask)
        self.page.on("requestfailed", self._miss)
        self.page.on("response", self._note)

    def go(self, place: Place) -> Response:
        """Opens a page, and waits until all of it is there."""
        found = self.page.goto(self.sites.url(place.site, place.path))
        assert found is not None
        return found

    def follow(self, path: str) -> None:
        """Clicks the first link on the page that leads to a path of its site, as somebody does who sees it."""
        origin = self.page.url.split("/", 3)[:3]
        url = "/".join([*origin, path.removeprefix("/")])
        self.page.locator(f"a[href='{url}']:visible, a[href='{path}']:visible").first.click()
        self.page.wait_for_url(url)

    @property
    def path(self) -> str:
        """Where it is, below its origin."""
        return "/" + self.page.url.split("/", 3)[3]

    @property
    def heading(self) -> str:
        """What the page is about: its one heading of the first level."""
        return self.page.locator("h1").inner_text()

    def look(self, what: str, *arguments: Any) -> Any:
        """What one of the functions of looking.js tells."""
        self.page.evaluate(f"window.looking ?? {LOOKING}")
        return self.page.evaluate(f"given => looking.{what}(...given)", list(arguments))

    def _listen(self, kind: str, text: str) -> None:
        # What could not be loaded is in `failed`, but for the page itself, of which Chromium says so too.
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self.said.append(text)

    def _ask(self, request: Request) -> None:
        if request.is_navigation_request():
            self._left.update(self.asked)
        self.asked.append(request.url)

    def _miss(self, request: Request) -> None:
        # What a page still waited for when it was left is not missed there.
        if request.failure != "net::ERR_ABORTED" or request.url not in self._left:
            self.failed.append(f"{request.failure} {request.url}")

    def _note(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.failed.append(f"{response.status} {response.url}")


@dataclass
class Windows:
    """Opens windows."""

    browser: Browser
    sites: Sites

    @contextmanager
    def open(self, device: Device, **options: Any) -> Iterator[Window]:
        """A window of a device, which remembers nothing of any other."""
        context = self.browser.new_context(
            viewport={"width": device.width, "height": device.height},
            is_mobile=device.touch,
            has_touch=device.touch,
            java_script_enabled=device.scripts,
            **options,
        )
        try:
            yield Window(context.new_page(), self.sites)
        finally:
            context.close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """The sites of `sites.SITES`, the same for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    found = Sites((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sites")
    yield found
    found.close()


# Not for a session: while it is open its event loop is that of the thread, and other tests have loops of their own.
@pytest.fixture(scope="module")
def windows(peer: Callable[[str], str], sites: Sites) -> Iterator[Windows]:
    """Chromium, which finds these sites and nothing else."""
    program = peer("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=[*FLAGS, f"--host-resolver-rules={sites.resolver}"], timeout=PATIENCE
        )
        yield Windows(browser, sites)
        browser.close()
