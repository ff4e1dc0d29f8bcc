"""The review site as people use it: Debian's Chromium, a real server, PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.builders.case_window import Window
from tests.builders.review_cases import know
from tests.builders.review_site import ServedReview, playwright_cookie, serving_review
from tests.builders.served import LINES
from worker.db.engine import open_database
from worker.domain.review_policy import ReviewPolicy
from worker.wiring import open_site

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def served(tmp_path: Path, postgres_url: str) -> Iterator[ServedReview]:
    """The site, with the registry of Janet and Omar; nobody is audited by chance."""
    site = open_site(tmp_path / "home")
    site.shelf.engine.dispose()
    shelf = replace(site.shelf, engine=open_database(postgres_url))
    site = replace(site, shelf=shelf, lines=LINES, review=ReviewPolicy(audit_share=0.0))
    know(site)
    with serving_review(site) as served:
        yield served
    shelf.engine.dispose()


@pytest.fixture
def window(browser: Browser, served: ServedReview) -> Iterator[Window]:
    """Scripts that fail and the security policy's refusals fail the test."""
    opened, complaints = [], list[str]()

    def open_window(name: str, scheme: str = "light", width: int = 1600) -> Page:
        viewport = {"width": width, "height": 1000}
        context = browser.new_context(base_url=served.url, viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]  # words of theirs
        context.add_cookies([playwright_cookie(served, name)])  # type: ignore[list-item]  # a dict is what it takes
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
        opened.append(context)
        return page

    yield open_window
    for context in opened:
        context.close()
    assert not complaints
