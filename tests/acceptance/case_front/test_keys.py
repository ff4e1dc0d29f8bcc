"""Deciding with the keyboard: each key, ranges, runs, undo, and the whole of an item without a mouse."""

import pytest

from tests.builders.case_json import OPEN, case
from tests.builders.case_screen import CaseScreen
from tests.builders.requests import JANET, JOAN, OMAR

A, B, C = JANET.request_id, OMAR.request_id, JOAN.request_id


def test_enter_files_as_proposed_and_goes_to_the_next_open_page(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("Enter")

    assert screen.current == 10
    assert screen.said == f"Page 9 filed to request A, {A}. Now page 10 of 40; 6 left to decide."
    assert screen.label(9) == f"page 9 of 40, record, filed to request A {A}, decided now"
    assert screen.text("#progress-words") == "1 of 7 decided"


def test_a_whole_item_by_keyboard_alone(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("Enter", "2", "Shift+Enter")  # 24, 25, 26 and 31 are proposed, 30 is not
    left = screen.current
    screen.press("b")
    done = screen.text("#accept-words")
    screen.press("Enter")
    screen.page.wait_for_url("**/inbox")

    saved = screen.site.saves[0]
    assert (left, done) == (30, "Save")
    assert {page["page"]: page["requestId"] or page["ground"] for page in saved["pages"]} == {
        9: A, 10: B, 24: B, 25: B, 26: B, 30: "blank", 31: C}  # fmt: skip
    assert (saved["version"], saved["revision"], saved["keystrokes"]) == (3, 5, 5)
    assert 0 < saved["seconds"] < 60


@pytest.mark.parametrize(
    ("key", "ground"),
    [("b", "blank"), ("c", "cover_sheet"), ("t", "separator"), ("o", "not_ours"), ("x", "unreadable")],
)
def test_a_page_is_set_aside_with_its_reason(screen: CaseScreen, key: str, ground: str) -> None:
    screen.open(case(opened=(9,)))

    screen.press(key)

    assert "set aside" in screen.label(9)
    expected = {"page": 9, "outcome": "set_aside", "requestId": None, "ground": ground, "note": "", "duplicateOf": "",
                "turn": 0}  # fmt: skip
    assert screen.save() == {9: expected}


def test_a_duplicate_says_what_it_repeats(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("d", "8", "Enter")
    screen.press("d", "Tab")
    screen.page.keyboard.type("the fax of Monday")
    screen.press("Enter")

    saved = screen.save()
    assert [(saved[n]["ground"], saved[n]["duplicateOf"]) for n in (9, 10)] == [
        ("repeated", "page 8"),
        ("repeated", "the fax of Monday"),
    ]


def test_a_second_person_is_asked(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,)))

    screen.press("a")

    saved = screen.save()[9]
    assert (saved["outcome"], saved["ground"], saved["requestId"]) == ("review", "second_look", None)


def test_a_range_goes_to_one_candidate(screen: CaseScreen) -> None:
    screen.open(case()).go(24)

    screen.press("Shift+ArrowRight", "Shift+ArrowDown")
    selected = screen.selected
    screen.press("3")

    assert selected == [24, 25, 26]
    assert {n: page["requestId"] for n, page in screen.save().items()} == dict.fromkeys((24, 25, 26), C)


def test_this_and_the_rest_leaves_what_is_decided(screen: CaseScreen) -> None:
    screen.open(case()).go(25).press("b").go(24)

    screen.press("Shift+1")

    saved = screen.save()
    assert {n: page["requestId"] for n, page in saved.items()} == {24: B, 25: None, 26: B, 30: B, 31: B}


def test_split_selects_the_new_run_and_the_next_choice_is_for_all_of_it(screen: CaseScreen) -> None:
    screen.open(case()).go(25)

    screen.press("s")
    selected, runs = screen.selected, screen.all("#pages .run", "run => run.querySelectorAll('[role=option]').length")
    screen.press("2")

    assert selected == [25, 26]
    assert runs == [1, 11, 10, 1, 1, 5, 1, 10]
    assert {n: page["requestId"] for n, page in screen.save().items()} == {25: A, 26: A}


def test_merge_takes_the_assignment_of_the_run_before(screen: CaseScreen) -> None:
    screen.open(case()).go(9).press("b").go(10)

    screen.press("s", "m")

    assert screen.save()[10]["ground"] == "blank"


def test_undo_and_redo_without_limit(screen: CaseScreen) -> None:
    screen.open(case())
    screen.press("Enter", "b", "1", "r", "s", "m")

    screen.press(*["u"] * 6)
    undone = [screen.text("#progress-words"), screen.current, screen.label(9)]
    screen.press("u")
    end = screen.said
    screen.press(*["Shift+U"] * 3)

    assert undone == ["0 of 7 decided", 9, f"page 9 of 40, record, proposed for request A {A}, doubtful"]
    assert end == "There is nothing to undo."
    assert {n: page["requestId"] or page["ground"] for n, page in screen.save().items()} == {9: A, 10: "blank", 24: B}


def test_a_page_is_turned_for_good(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,)))

    screen.press("r", "r", "r", "Enter")

    assert "270deg" in (screen.page.locator("#leaf").get_attribute("style") or "")
    assert screen.save()[9]["turn"] == 270


def test_decided_pages_are_moved_only_after_unlocking(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,))).go(5)

    screen.press("2")
    refused = screen.said
    screen.press("l")
    warning = screen.text("#unlocked")
    screen.press("2")
    screen.go(6).press("1", "Enter")

    assert refused == "This page is decided. L unlocks decided pages."
    assert "withdraws the copy that was filed" in warning
    assert {n: page["requestId"] for n, page in screen.save().items()} == {5: B, 9: A}


def test_park_takes_a_note_and_saves_what_is_decided_first(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("p")
    screen.page.keyboard.type("calls back on Monday")
    screen.press("Control+Enter")
    screen.page.wait_for_url("**/inbox")

    assert screen.site.parked == ["calls back on Monday"]
    assert screen.site.saves == []


def test_keys_move_look_and_zoom(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("ArrowDown", "ArrowRight", "ArrowLeft", "g")
    moved = screen.current
    screen.press("j")
    looked = screen.text(".candidate.looked .who")
    screen.press("0", "+", "+", "-", "f", "i", "Space")
    screen.press("Home")
    first = screen.current
    screen.press("End", "ArrowRight")

    assert (moved, looked, first, screen.current) == (24, "Janet Brown", 1, 40)
    assert screen.said == "This is the last page."
    assert screen.page.locator("#leaf.inverted").count() == 1


def test_enter_files_to_the_candidate_that_is_looked_at(screen: CaseScreen) -> None:
    screen.open(case(opened=(9,)))

    screen.press("j", "j")
    words = screen.text("#accept-words")
    screen.press("Enter")

    assert words == "File to C"
    assert screen.save()[9]["requestId"] == C


def test_help_shows_every_key_and_gives_the_focus_back(screen: CaseScreen) -> None:
    screen.open(case())
    used = {"Enter", "1–9", "S", "M", "B", "D", "P", "R", "/", "U", "N", "?", "X", "A"}

    screen.press("?")
    shown = set(screen.all("#keys kbd", "kbd => kbd.textContent"))
    screen.press("b", "Escape")

    assert used <= shown
    assert screen.page.evaluate("document.activeElement.id") == "page-9"
    assert screen.text("#progress-words") == "0 of 7 decided"


def test_single_keys_can_be_switched_off(screen: CaseScreen) -> None:
    screen.open(case())

    screen.press("?")
    screen.page.locator("#keys-off").check()
    screen.press("Escape", "b", "Enter")

    assert screen.said.startswith(f"Page {OPEN[0]} filed to request A")
    assert screen.text("#progress-words") == "1 of 7 decided"


def test_a_key_that_is_held_down_decides_once(screen: CaseScreen) -> None:
    screen.open(case())

    screen.page.keyboard.down("Enter")
    screen.page.keyboard.down("Enter")
    screen.page.keyboard.up("Enter")

    assert screen.text("#progress-words") == "1 of 7 decided"
