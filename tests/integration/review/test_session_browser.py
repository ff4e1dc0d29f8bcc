"""In Debian's Chromium: the whole first sign-in, the warning before the automatic logoff, and axe on each screen."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders.review_site import ServedReview, playwright_cookie, serving_review
from tests.builders.sign_in import actions_of, code_now, new_person, ready_person
from tests.servers.chromium import accessible, chromium, open_window
from worker.domain.sign_in import SignIn
from worker.pipeline.site import Site

#: Seconds without a sign of life in these tests; the warning comes when a third of it is left.
IDLE = 15
OWN = "quarry lantern 47 fjord"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def restless(site: Site) -> Iterator[ServedReview]:
    with serving_review(site, SignIn(idle_minutes=IDLE / 60)) as served:
        yield served


def page_of(browser: Browser, served: ServedReview, name: str = "", scheme: str = "light") -> Page:
    cookie = playwright_cookie(served, name) if name else None
    return open_window(browser, served.url, cookie, color_scheme=scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_sign_in_by_keyboard_alone(browser: Browser, served: ServedReview, scheme: str) -> None:
    new_person(served.site)
    page = page_of(browser, served, scheme=scheme)

    page.goto("/account")
    accessible(page)
    page.keyboard.type("pia")
    page.keyboard.press("Tab")
    page.keyboard.type("stapler gravel moonlit")
    page.keyboard.press("Enter")
    expect(page.get_by_label("New password")).to_be_focused()
    accessible(page)
    page.keyboard.type(OWN)
    page.keyboard.press("Tab")
    page.keyboard.type(OWN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    accessible(page)
    page.get_by_text("cannot read pictures").press("Enter")
    page.get_by_label("Code").fill(code_now(page.locator("#secret").inner_text().replace(" ", "")))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    accessible(page)
    page.get_by_role("link", name="I have kept them").press("Enter")

    expect(page.get_by_role("heading", name="Pia Berg")).to_be_visible()


def test_a_wrong_code_is_said_and_described(browser: Browser, served: ServedReview) -> None:
    ready_person(served.site)
    page = page_of(browser, served)
    page.goto("/login")
    page.get_by_label("Name").fill("pia")
    page.get_by_label("Password").fill("stapler gravel moonlit")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("not the code of this moment")
    expect(page.get_by_label("Code")).to_have_attribute("aria-describedby", "why")
    accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "path"), [("adam", "/people"), ("adam", "/people/rita"), ("rita", "/account"), ("auda", "/audit-log")]
)
def test_the_screens_have_no_barriers(
    browser: Browser, served: ServedReview, name: str, path: str, scheme: str
) -> None:
    page = page_of(browser, served, name, scheme)

    page.goto(path)

    accessible(page)


def test_who_is_still_there_stays_by_a_key(browser: Browser, restless: ServedReview) -> None:
    page = page_of(browser, restless, "rita")
    page.goto("/account")
    stay = page.get_by_role("button", name="Stay signed in")

    expect(stay).to_be_focused(timeout=IDLE * 1_000)
    accessible(page)
    with page.expect_response("**/session/alive") as told:
        page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert told.value.json()["idle"] == IDLE
    assert page.url.endswith("/account")


def test_who_is_gone_is_signed_out_and_sees_nothing_more(browser: Browser, restless: ServedReview) -> None:
    page = page_of(browser, restless, "rita")
    page.goto("/account")

    page.wait_for_url("**/login?idle=1**", timeout=IDLE * 3_000)

    expect(page.get_by_role("status")).to_contain_text("nothing happened for long")
    assert actions_of(restless.site) == ["idle_end"]
    page.go_back()  # the page that was left is not in the history
    assert page.get_by_text("Rita Alvarez").count() == 0


def test_who_works_on_without_loading_pages_stays(browser: Browser, restless: ServedReview) -> None:
    page = page_of(browser, restless, "rita")
    page.goto("/account")

    until = time.monotonic() + IDLE * 1.6
    while time.monotonic() < until:
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(1_000)

    assert page.url.endswith("/account")
    assert page.get_by_role("dialog").count() == 0
