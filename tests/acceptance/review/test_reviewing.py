"""What a reviewer does all day, in the browser, against a real server with PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.acceptance.review.conftest import Window
from tests.builders.requests import JANET, OMAR
from tests.builders.review_cases import bring, candidate, doubtful, file, filed, letter, only_item
from tests.builders.review_site import ServedReview
from worker.db import pages, review_items, reviews
from worker.db.engine import reading
from worker.db.review_tables import OPINIONS, REVIEW_ITEMS
from worker.domain.decision import Decision, Outcome
from worker.domain.review import ItemKind, ItemState

JANETS, OMARS = JANET.request_id, OMAR.request_id


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


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_item_from_the_inbox_to_the_last_page_by_keyboard_alone(
    served: ServedReview, window: Window, scheme: str
) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2), doubtful(3, OMARS), doubtful(4)])
    page = window("rita", scheme)
    page.goto("/inbox")
    accessible(page)

    with page.expect_navigation():
        page.keyboard.press("n")
    ready(page)
    accessible(page)
    press(page, "1", "o", "b")
    save(page)

    after = decisions(served, sha256)
    assert page.url.endswith("/inbox")
    assert (after[2].outcome, after[2].request_id) == (Outcome.FILED, JANETS)
    assert (after[3].outcome, after[3].ground) == (Outcome.SET_ASIDE, "not_ours")
    assert (after[4].outcome, after[4].ground) == (Outcome.SET_ASIDE, "blank")
    assert review_items.load_open(served.site.shelf.engine, sha256) == ()


def test_a_page_that_contradicts_its_best_candidate_is_not_one_key_from_it(
    served: ServedReview, window: Window
) -> None:
    unlikely = candidate(OMARS, 0.01, is_against=True)
    sha256 = bring(served.site, [letter(1), replace(doubtful(2), candidates=(unlikely,))])
    page = window("rita")
    open_case(page, served, sha256)

    page.keyboard.press("Enter")

    expect(page.locator("#said")).to_contain_text("Nothing is proposed")
    expect(page.locator("#progress-words")).to_contain_text("0 of 1")


def test_undo_takes_back_what_was_not_saved(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2), doubtful(3)])
    page = window("rita")
    open_case(page, served, sha256)

    press(page, "b", "b", "u", "u", "1", "1")
    save(page)

    after = decisions(served, sha256)
    assert [after[n].request_id for n in (2, 3)] == [JANETS, JANETS]


def test_this_and_the_rest_with_one_key(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), *(doubtful(n) for n in range(2, 8))])
    page = window("rita")
    open_case(page, served, sha256)

    press(page, "Shift+Digit1")
    save(page)

    assert {decision.request_id for decision in decisions(served, sha256).values()} == {JANETS}


def test_two_browsers_want_one_item(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    rita, ravi = window("rita"), window("ravi")
    open_case(rita, served, sha256)

    open_case(ravi, served, sha256)
    expect(ravi.locator("#read-only")).to_contain_text("rita")
    ravi.keyboard.press("1")
    with rita.expect_navigation():
        rita.goto("/inbox")
    ravi.wait_for_timeout(300)  # the beacon that gives the item back
    open_case(ravi, served, sha256)
    expect(ravi.locator("#read-only")).to_be_hidden()
    ravi.keyboard.press("1")
    save(ravi)

    assert decisions(served, sha256)[2].request_id == JANETS
    assert count_opinions(served) == 1


def test_who_was_away_for_too_long_is_told_and_overwrites_nothing(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    rita, ravi = window("rita"), window("ravi")
    open_case(rita, served, sha256)
    rita.keyboard.press("o")
    with served.site.shelf.engine.begin() as connection:
        connection.execute(sa.update(REVIEW_ITEMS).values(held_until=datetime.now(UTC) - timedelta(minutes=1)))
    open_case(ravi, served, sha256)
    ravi.keyboard.press("1")
    save(ravi)

    rita.keyboard.press("n")

    expect(rita.locator("#notice")).to_be_visible()
    assert decisions(served, sha256)[2].request_id == JANETS
    assert count_opinions(served) == 1


def test_a_connection_lost_in_the_middle_of_a_save_costs_nothing(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    page = window("rita")
    open_case(page, served, sha256)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/save", lose_the_answer)
    press(page, "1", "n")
    expect(page.locator("#notice")).to_be_visible()
    page.unroute("**/save")
    with page.expect_navigation():
        page.get_by_role("button", name="Try again").click()

    assert decisions(served, sha256)[2].request_id == JANETS
    assert count_opinions(served) == 1


def test_a_filed_page_is_moved_to_another_request(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), filed(2)])
    file(served.site)
    page = window("rita")
    page.goto(f"/documents/{sha256}")

    with page.expect_navigation():
        page.get_by_role("button", name="Correct").click()
    ready(page)
    press(page, "End", "/")
    page.keyboard.type("nakamura")
    page.wait_for_function("(id) => document.querySelector('#found .id')?.textContent === id", arg=OMARS)
    press(page, "Enter", "Enter")
    save(page)

    (second,) = review_items.load_open(served.site.shelf.engine, sha256)
    assert second.kind is ItemKind.SECOND_LOOK
    assert decisions(served, sha256)[2].outcome is Outcome.REVIEW
    assert decisions(served, sha256)[1].request_id == JANETS


def test_a_second_person_sees_nothing_of_what_the_first_said(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [doubtful(1)])
    rita, ravi = window("rita"), window("ravi")
    open_case(rita, served, sha256)
    rita.keyboard.press("1")
    save(rita)

    open_case(ravi, served, sha256)
    shown = ravi.locator("#candidates").inner_text()
    told = ravi.locator("body").inner_text()
    ravi.keyboard.press(str(1 + sorted([JANETS, only_other()]).index(JANETS)))
    save(ravi)

    assert "%" not in shown
    assert "rita" not in told.lower()
    assert decisions(served, sha256)[1].request_id == JANETS


def only_other() -> str:
    return doubtful(1).candidates[1].request_id


def test_what_two_see_differently_is_a_seniors(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [doubtful(1)])
    for name, key in (("rita", "o"), ("ravi", "1")):
        page = window(name)
        ask = name == "rita"
        open_case(page, served, sha256)
        press(page, "a" if ask else key)
        save(page)
    item = only_item(served.site, sha256) if review_items.load_open(served.site.shelf.engine, sha256) else None

    assert item is None
    assert decisions(served, sha256)[1].outcome is Outcome.FILED


def test_an_item_is_parked_with_a_note(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [doubtful(1)])
    page = window("rita")
    open_case(page, served, sha256)

    page.keyboard.press("p")
    page.keyboard.type("The clinic calls back tomorrow.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    item = only_item(served.site, sha256)
    assert (item.state, item.note) == (ItemState.PARKED, "The clinic calls back tomorrow.")


def test_a_page_is_rotated_for_good(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    page = window("rita")
    open_case(page, served, sha256)

    press(page, "r", "1")
    save(page)

    assert reviews.load_states(served.site.shelf.engine, sha256)[2].turn == 90


def test_strangers_words_are_shown_and_never_run(served: ServedReview, window: Window) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    decision = replace(doubtful(2), reason=attack)
    sha256 = bring(served.site, [letter(1), decision], name=f"{attack.replace('/', '')}.tif")
    page = window("rita")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    page.goto("/inbox")
    page.goto(f"/documents/{sha256}")
    open_case(page, served, sha256)

    assert "<img src=x" in page.locator("body").inner_text()
    assert page.locator("img[src=x]").count() == 0


def test_a_document_of_400_pages(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), *(filed(n) for n in range(2, 400)), doubtful(400)])
    page = window("rita")
    open_case(page, served, sha256)

    shown = page.locator("#pages [role=option]").count()
    press(page, "1")
    save(page)

    assert shown == 400
    assert decisions(served, sha256)[400].request_id == JANETS


def test_a_reviewer_may_not_what_admins_may(served: ServedReview, window: Window) -> None:
    page = window("rita")

    answers = {path: page.goto(path) for path in ("/people", "/dashboard", "/audit-log")}

    assert {path: answer.status for path, answer in answers.items() if answer} == dict.fromkeys(answers, 403)


def test_who_may_only_read_changes_nothing(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    page = window("auda")
    open_case(page, served, sha256)

    press(page, "1", "Enter", "b")

    expect(page.locator("#read-only")).to_be_visible()
    assert only_item(served.site, sha256).held_by == ""
