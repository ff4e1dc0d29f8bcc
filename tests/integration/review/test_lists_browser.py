"""In Debian's Chromium: the lists by keyboard alone, at 400 % zoom, and with axe on each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.builders.drawn_documents import fax_file, take_in_decided
from tests.builders.pages import PROSE
from tests.builders.requests import JANET
from tests.builders.review_cases import bring, doubtful, file, know, letter
from tests.builders.review_site import ServedReview, playwright_cookie
from tests.builders.served import came
from tests.builders.waiting_items import Waiting, put_waiting
from tests.servers.chromium import NARROW, chromium, open_window


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def page_of(browser: Browser, served: ServedReview, name: str, scheme: str = "light", width: int = 1280) -> Page:
    viewport = {"width": width, "height": 800}
    return open_window(browser, served.url, playwright_cookie(served, name), color_scheme=scheme, viewport=viewport)


def test_the_inbox_by_keyboard_alone(browser: Browser, served: ServedReview) -> None:
    ids = put_waiting(
        served.site.shelf.engine,
        Waiting("first.tif", due=1),
        Waiting("second.tif", due=2),
        Waiting("fast.tif", due=3, line="expedited"),
    )
    page = page_of(browser, served, "rita")

    page.goto("/inbox")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("take the best item for me")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="second.tif")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{ids['second.tif']}", wait_until="commit")

    page.goto("/inbox")
    page.keyboard.press("/")
    page.get_by_role("link", name="expedited 1 items").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox?line=expedited")
    page.keyboard.press("n")
    page.wait_for_url(f"**/items/{ids['fast.tif']}", wait_until="commit")


def test_an_upload_leads_to_its_story(browser: Browser, served: ServedReview, tmp_path: Path) -> None:
    path = fax_file(tmp_path / "by hand.tif", [PROSE])
    page = page_of(browser, served, "rita")

    page.goto("/documents/upload")
    page.get_by_label("Line").select_option("expedited")
    page.get_by_label("Documents").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="by hand.tif").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("by hand.tif")
    assert [arrival.envelope.line for arrival in came(served.site)] == ["expedited"]


def test_a_file_that_is_too_large_is_not_sent(browser: Browser, served: ServedReview, tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(b"x" * 200_001)
    page = page_of(browser, served, "rita")

    page.goto("/documents/upload")
    page.get_by_label("Line").select_option("small")
    page.get_by_label("Documents").set_input_files(path)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("status")).to_contain_text("large.pdf is larger than this line takes")
    assert came(served.site) == ()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", NARROW)])
def test_every_list_is_accessible(
    browser: Browser, served: ServedReview, tmp_path: Path, scheme: str, width: int
) -> None:
    know(served.site)
    sha256 = bring(served.site, [letter(1), doubtful(2)], name="<b>answer</b>.tif")
    file(served.site)
    texts = [("Progress Note", "Patient continues methadone daily")]
    sensitive = take_in_decided(served.site, fax_file(tmp_path / "fax.tif", texts), texts)
    put_waiting(served.site.shelf.engine, Waiting("late.tif", due=-2, held_by="ravi"), Waiting("parked.tif"))
    page = page_of(browser, served, "sena", scheme, width)
    screens = (
        "/inbox", "/inbox?line=none", "/documents", "/documents?q=janet", "/documents?q=zzzzz", "/documents/upload",
        f"/documents/{sha256}", f"/documents/{sensitive}", f"/requests/{JANET.request_id}",
    )  # fmt: skip

    for screen in screens:
        page.goto(screen)
        for summary in page.locator("details summary").all():
            summary.click()
        found = Axe().run(page)

        assert found.violations_count == 0, f"{screen}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        assert page.locator("main b", has_text="answer").count() == 0
