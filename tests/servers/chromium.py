"""Debian's Chromium without a screen, and windows of it in which somebody is signed in."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
#: As root Chromium needs the first; the others keep it from looking up its maker's servers.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
#: What 1280 pixels are at 400 %.
NARROW = 320


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Raises FileNotFoundError where it is not installed."""
    if not CHROMIUM.exists():
        raise FileNotFoundError("chromium is not installed: run scripts/install-system-packages --test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def open_window(browser: Browser, url: str, cookie: Mapping[str, object] | None = None, **options: object) -> Page:
    """A window of its own on the site at `url`, signed in by the cookie; `options` are Playwright's of a context.

    Scripts that fail and what the security policy refuses fail the test.
    """
    context = browser.new_context(**{"base_url": url, "viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]  # Playwright's own options
    if cookie:
        context.add_cookies([dict(cookie)])  # type: ignore[list-item]  # a dict is what it takes
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Policy" in said.text else None)
    return page


def accessible(page: Page) -> None:
    """axe-core finds nothing."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
