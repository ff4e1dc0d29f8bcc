"""One save, whole, and nothing lost: without a connection, in a conflict, signed out, and after a crash of the tab."""

import re

from playwright.sync_api import Route, expect

from tests.builders.case_json import CLOSED_JSON, Json, case
from tests.builders.case_screen import CaseScreen
from tests.builders.requests import JANET, OMAR

A, B = JANET.request_id, OMAR.request_id
STALE = (409, "stale", "Omar Diaz has changed this document in the meantime.")


def test_a_lost_connection_keeps_the_decisions_and_the_save_id(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,))).press("Enter")
    lost = lose_answers(screen)

    screen.press("n")
    expect(screen.page.locator("#notice")).to_contain_text("Not saved")
    notice = screen.text("#notice")
    screen.page.unroute("**/save")
    screen.page.get_by_role("button", name="Try again").click()
    screen.page.wait_for_url("**/inbox")

    assert "The server cannot be reached. Your decisions are kept here." in notice
    assert [save["saveId"] for save in screen.site.saves] == [lost[0]["saveId"]]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", lost[0]["saveId"])


def test_a_save_is_tried_again_when_the_connection_is_back(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,))).press("Enter")
    lost = lose_answers(screen)

    screen.press("n")
    expect(screen.page.locator("#notice")).to_contain_text("Not saved")
    screen.page.unroute("**/save")
    screen.page.evaluate("dispatchEvent(new Event('online'))")
    screen.page.wait_for_url("**/inbox")

    assert [save["saveId"] for save in screen.site.saves] == [lost[0]["saveId"]]


def test_another_decision_after_a_failed_save_gets_another_save_id(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,))).press("Enter")
    screen.site.refusals = [(503, "unreachable", "The database does not answer.")]

    screen.press("n")
    expect(screen.page.locator("#notice")).to_contain_text("The database does not answer")
    screen.go(9).press("b")
    screen.save()

    first, second = screen.site.saves
    assert first["saveId"] != second["saveId"]
    assert [first["pages"][0]["ground"], second["pages"][0]["ground"]] == ["by_person", "blank"]


def test_a_conflict_lists_the_decisions_and_takes_them_up_again(screen: CaseScreen) -> None:
    screen.open(case()).press("Enter", "b")
    screen.site.refusals = [STALE]

    screen.press("n", "Enter")
    expect(screen.page.locator("#notice")).to_contain_text("Not saved")
    told = screen.text("#notice")
    screen.site.case["document"]["revision"] = 6
    screen.reload()
    offered = screen.text("#notice")
    screen.page.get_by_role("button", name="Decide so again").click()
    saved = screen.save()

    assert STALE[2] in told
    assert [f"Page 9: file to {A}" in text and "Page 10: blank" in text for text in (told, offered)] == [True, True]
    assert {n: page["ground"] for n, page in saved.items()} == {9: "by_person", 10: "blank"}
    assert screen.site.saves[-1]["revision"] == 6


def test_the_draft_outlives_a_crash_of_the_tab_without_any_text(screen: CaseScreen) -> None:
    screen.open(case()).press("Enter", "d", "Tab")
    screen.page.keyboard.type("Edith's fax of Monday")
    screen.press("Enter")

    stored = screen.page.evaluate("JSON.stringify(sessionStorage)")
    screen.reload()

    assert screen.said == "Your decisions on this item were kept. U undoes them."
    assert screen.current == 24
    assert "Edith" not in stored
    assert A in stored


def test_signed_out_in_the_middle_of_a_save(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,))).press("Enter")
    screen.site.refusals = [(401, "sign-in", "You are not signed in, or your session has ended.")]

    screen.press("n")
    dialog = screen.page.locator("#sign-in")
    expect(dialog).to_be_visible()
    link = dialog.get_by_role("link").get_attribute("target")
    screen.site.csrf = "token-2"
    dialog.get_by_role("button", name="Try again").click()
    screen.page.wait_for_url("**/inbox")

    assert link == "_blank"
    assert len({save["saveId"] for save in screen.site.saves}) == 1
    assert len(screen.site.saves) == 2


def test_nothing_decided_is_not_saved(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("n")

    assert screen.said.startswith("Nothing is decided yet.")
    assert screen.site.saves == []


def test_open_pages_are_left_only_on_purpose(screen: CaseScreen) -> None:
    screen.open(case()).press("Enter", "n")

    asked = screen.text("#left-words")
    screen.press("Escape")

    assert asked.startswith("1 decided, 6 still open.")
    assert screen.site.saves == []
    assert list(screen.save()) == [9]


def test_the_hold_is_kept_alive_and_given_back(screen: CaseScreen) -> None:
    screen.page.clock.install()
    screen.open(case())

    screen.page.clock.run_for(61_000)
    screen.press("ArrowDown")
    screen.page.wait_for_timeout(100)
    held = screen.site.held
    screen.page.goto(f"{screen.site.url}/inbox")

    expect(screen.page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert held == 1
    assert screen.site.released == ["token-1"]


def test_a_lost_hold_makes_it_read_only(screen: CaseScreen) -> None:
    screen.page.clock.install()
    screen.open(case()).press("Enter")
    screen.site.hold_refused = True

    screen.page.clock.run_for(61_000)
    expect(screen.page.locator("#read-only")).to_contain_text("Jonas Weber has this item now.")
    screen.press("b")

    assert screen.said == "Read only: Jonas Weber has this item now."
    assert screen.page.locator("[data-action='aside blank']").is_disabled()


def test_read_only_for_auditors(screen: CaseScreen) -> None:
    screen.open(case() | {"mayDecide": False, "readOnlyWhy": "You read, you do not decide."})

    screen.press("1", "b", "s", "r", "p", "l", "ArrowDown")

    assert screen.text("#read-only") == "Read only. You read, you do not decide."
    assert screen.text("#progress-words") == "0 of 7 decided"
    assert screen.current == 10


def test_a_done_item_shows_what_was_decided(screen: CaseScreen) -> None:
    done = case() | {"mayDecide": False, "readOnlyWhy": "This item is done."}
    done["pages"][8].update(outcome="filed", requestId=B, by="rita", proposed=None)

    screen.open(done)

    assert screen.label(9) == f"page 9 of 40, record, filed to request B {B}, decided by rita"


def test_a_request_from_the_registry_is_found_chosen_and_filed_to(screen: CaseScreen) -> None:
    screen.open(case(opened=(30,)))
    screen.site.found["octavia"] = (0.0, [CLOSED_JSON])

    screen.press("Enter")
    nothing = screen.said
    screen.press("/")
    screen.page.keyboard.type("octavia")
    expect(screen.page.locator("#found li")).to_have_count(1)
    shown = screen.text("#found li")
    screen.press("Enter", "Enter")

    assert nothing.startswith("Nothing is proposed for this page")
    assert "Octavia Nakamura" in shown
    assert "closed" in shown
    assert "(a closed request)" in screen.said
    assert screen.save()[30]["requestId"] == CLOSED_JSON["id"]


def test_answers_that_come_late_are_dropped(screen: CaseScreen) -> None:
    screen.open(case())
    late: Json = {**CLOSED_JSON, "name": "Late"}
    screen.site.found = {"oct": (0.6, [late]), "octavia": (0.0, [CLOSED_JSON])}

    screen.press("/")
    screen.page.keyboard.type("oct")
    screen.page.wait_for_timeout(150)
    screen.page.keyboard.type("avia")
    expect(screen.page.locator("#found li")).to_have_count(1)
    screen.page.wait_for_timeout(700)

    assert "Late" not in screen.text("#found")
    screen.press("Escape")
    assert screen.page.evaluate("document.activeElement.id") == "page-9"


def lose_answers(screen: CaseScreen) -> list[Json]:
    """From now on saves do not get through; gives what they held."""
    lost: list[Json] = []

    def lose(route: Route) -> None:
        lost.append(dict(route.request.post_data_json or {}))
        route.abort()

    screen.page.route("**/save", lose)
    return lost
