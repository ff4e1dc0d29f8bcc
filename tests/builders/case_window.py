"""What a person does in a window that shows a case, and what the database says afterwards."""

from collections.abc import Callable

import sqlalchemy as sa
from playwright.sync_api import Page

from tests.builders.review_cases import only_item
from tests.builders.review_site import ServedReview
from worker.db import pages
from worker.db.engine import reading
from worker.db.review_tables import OPINIONS
from worker.domain.decision import Decision

#: Opens the site in a window of its own, signed in as this person.
Window = Callable[..., Page]


def decisions(served: ServedReview, sha256: str) -> dict[int, Decision]:
    return {decision.page: decision for decision in pages.load_decisions(served.site.shelf.engine, sha256)}


def count_opinions(served: ServedReview) -> int:
    with reading(served.site.shelf.engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(OPINIONS)).scalar_one())


def ready(page: Page) -> None:
    page.wait_for_selector("body.ready")


def open_case(page: Page, served: ServedReview, sha256: str) -> None:
    page.goto(f"/items/{only_item(served.site, sha256).id}")
    ready(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("n")
