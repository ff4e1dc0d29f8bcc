"""What a reviewer does all day, in the browser, against a real server with PostgreSQL."""

import pytest

from tests.builders.case_window import Window, decisions, open_case, press, ready, save
from tests.builders.requests import JANET, OMAR
from tests.builders.review_cases import bring, doubtful, file, filed, letter, only_item
from tests.builders.review_site import ServedReview
from tests.servers.chromium import accessible
from worker.db import review_items, reviews
from worker.domain.decision import Outcome
from worker.domain.review import ItemKind, ItemState

JANETS, OMARS = JANET.request_id, OMAR.request_id


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


def test_a_document_of_400_pages(served: ServedReview, window: Window) -> None:
    sha256 = bring(served.site, [letter(1), *(filed(n) for n in range(2, 400)), doubtful(400)])
    page = window("rita")
    open_case(page, served, sha256)

    shown = page.locator("#pages [role=option]").count()
    press(page, "1")
    save(page)

    assert shown == 400
    assert decisions(served, sha256)[400].request_id == JANETS
