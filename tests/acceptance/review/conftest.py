"""The review site as people use it: Debian's Chromium, a real server, PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.builders.case_window import Window
from tests.builders.review_cases import know
from tests.builders.review_site import ServedReview, playwright_cookie, serving_review
from tests.builders.served import LINES
from tests.servers.chromium import chromium, open_window
from worker.db.engine import open_database
from worker.domain.review_policy import ReviewPolicy
from worker.wiring import open_site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


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
    """Opens windows; they are closed afterwards."""
    opened = list[Page]()

    def open_for(name: str, scheme: str = "light") -> Page:
        viewport = {"width": 1600, "height": 1000}
        cookie = playwright_cookie(served, name)
        opened.append(open_window(browser, served.url, cookie, color_scheme=scheme, viewport=viewport))
        return opened[-1]

    yield open_for
    for page in opened:
        page.context.close()
