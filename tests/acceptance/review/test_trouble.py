"""What must not happen to a reviewer, in the browser, against a real server with PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Route, expect

from tests.builders.case_window import Window, count_opinions, decisions, open_case, press, save
from tests.builders.requests import JANET, OMAR
from tests.builders.review_cases import bring, candidate, doubtful, letter, only_item
from tests.builders.review_site import ServedReview
from worker.db.review_tables import REVIEW_ITEMS

JANETS, OMARS = JANET.request_id, OMAR.request_id


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
