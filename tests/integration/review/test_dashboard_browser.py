"""In Debian's Chromium: the dashboard's charts with their tables, live, at 400 % zoom, with axe, and as text."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.builders.busy_week import Mailroom, fill
from tests.builders.review_site import ServedReview, playwright_cookie
from tests.servers.chromium import NARROW, chromium, open_window
from worker.db import senders
from worker.db.review_tables import OPENINGS
from worker.domain.audit import Entry

XSS = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def busy(served: ServedReview) -> ServedReview:
    site = served.site
    fill(site.shelf.engine, Mailroom(site.now(), days=4, documents_a_day=10, pages=6, audited=12, wrong=0))
    return served


def dashboard(browser: Browser, served: ServedReview, name: str, scheme: str = "light", width: int = 1280) -> Page:
    viewport = {"width": width, "height": 800}
    page = open_window(browser, served.url, playwright_cookie(served, name), color_scheme=scheme, viewport=viewport)
    page.goto("/dashboard")
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", NARROW)])
def test_nothing_stands_in_anybodys_way(browser: Browser, busy: ServedReview, scheme: str, width: int) -> None:
    page = dashboard(browser, busy, "supa", scheme, width)
    expect(page.locator("svg.chart").first).to_be_visible()
    for summary in page.locator("details.figures > summary").all():
        summary.click()

    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert found.violations_count == 0, found.generate_report()
    assert wide <= width


def test_each_chart_has_its_figures_in_words_and_as_a_table(browser: Browser, busy: ServedReview) -> None:
    page = dashboard(browser, busy, "auda")

    queue = page.get_by_role("region", name="Queue by line, against its clock")
    queue.get_by_text("As a table").click()

    expect(queue.get_by_role("img")).to_have_accessible_description(re.compile("expedited: 13 wait"))
    expect(queue.get_by_role("row").filter(has_text="expedited")).to_contain_text("72 h")
    assert page.get_by_role("img").count() == page.locator("details.figures").count() + 1
    expect(page.get_by_role("region", name="Misfiled, by the audit sample")).to_contain_text("0 of 12: at most 24 %")


def test_the_page_changes_by_itself(browser: Browser, busy: ServedReview) -> None:
    page = dashboard(browser, busy, "auda")
    expect(page.locator("#state")).to_contain_text("Live")
    audit = page.get_by_role("region", name="Misfiled, by the audit sample")
    alerts = page.get_by_role("region", name="Glass was broken")
    expect(alerts).to_be_visible()

    with busy.site.shelf.engine.begin() as connection:
        connection.execute(sa.delete(OPENINGS))

    expect(alerts).to_be_hidden(timeout=15_000)
    expect(audit).to_contain_text("0 of 12")


def test_an_alert_is_acknowledged_with_the_keyboard(browser: Browser, busy: ServedReview) -> None:
    page = dashboard(browser, busy, "supa")

    page.get_by_role("button", name="Acknowledge what rita opened").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("region", name="Glass was broken")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("Acknowledged.")
    expect(page.locator("#main")).to_be_focused()


def test_what_strangers_wrote_is_shown_as_text(browser: Browser, busy: ServedReview) -> None:
    engine = busy.site.shelf.engine
    senders.tie(engine, Entry("rita", "", "tie_sender"), "5025550100", "1252914290", XSS)
    with engine.begin() as connection:
        connection.execute(sa.update(OPENINGS).values(reason=XSS))

    page = dashboard(browser, busy, "supa")
    expect(page.get_by_role("region", name="Glass was broken")).to_contain_text(XSS)
    page.get_by_role("link", name="Senders tied to providers").click()
    expect(page.get_by_role("cell", name=XSS, exact=True)).to_be_visible()

    assert "owned" not in page.title()
    assert Axe().run(page).violations_count == 0


def test_a_supervisor_unties_a_number(browser: Browser, busy: ServedReview) -> None:
    senders.tie(busy.site.shelf.engine, Entry("rita", "", "tie_sender"), "5025550100", "1252914290", "ST MARY CLINIC")
    page = dashboard(browser, busy, "supa")
    page.goto("/senders")

    page.get_by_role("button", name="Untie 5025550100 from ST MARY CLINIC").click()

    expect(page.get_by_text("No number is tied yet.")).to_be_visible()
