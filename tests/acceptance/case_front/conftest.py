"""The case screen in Debian's Chromium, over a server of tests that keeps to the real one's contract."""

from collections.abc import Iterator

import pytest
import structlog
from playwright.sync_api import Browser, BrowserContext

from tests.builders.case_screen import CaseScreen
from tests.builders.case_site import CaseSite, serving_case
from tests.servers.chromium import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def case_site() -> Iterator[CaseSite]:
    with structlog.testing.capture_logs(), serving_case() as site:
        yield site


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all: scripts stay in its cache."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context
    context.close()


@pytest.fixture
def screen(context: BrowserContext, case_site: CaseSite) -> Iterator[CaseScreen]:
    """A person's tab. Scripts that fail and the security policy's refusals fail the test."""
    person = CaseScreen(context.new_page(), case_site)
    yield person
    person.page.evaluate("localStorage.clear()")
    person.page.close()
    assert not person.errors
