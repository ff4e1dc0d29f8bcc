"""What the screen shows: the mouse, boxes and reasons, sensitive and blind pages, hostile text, and its limits."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.builders.case_json import BOXES, OPEN, Json, case, detail_json
from tests.builders.case_screen import CaseScreen
from tests.builders.requests import JANET, JOAN, OMAR

A, B, C = JANET.request_id, OMAR.request_id, JOAN.request_id
HOSTILE = "<img src=x onerror=document.body.dataset.hit=1><script>document.body.dataset.hit=1</script>'\"&"


def test_runs_are_shown_by_badge_and_name_and_not_by_colour_alone(screen: CaseScreen) -> None:
    screen.open(case())

    runs = screen.all("#pages .run", "run => run.getAttribute('aria-label')")
    states = [screen.thumb(n).get_attribute("data-state") for n in (2, 9, 23)]

    assert runs[1:3] == [f"Run of pages 2–12: request A {A}", f"Run of pages 13–22: request B {B}"]
    assert states == ["filed", "open", "aside put-aside"]
    assert screen.label(35) == f"page 35 of 40, record, filed to request C {C}, decided by omar"
    assert (screen.thumb(9).locator(".tag").inner_text(), screen.thumb(9).locator(".mark").inner_text()) == ("A", "?")


def test_dragging_over_thumbnails_and_shift_click_select_ranges(screen: CaseScreen) -> None:
    screen.open(case()).go(24)
    mouse = screen.page.mouse

    screen.thumb(24).hover()
    mouse.down()
    screen.thumb(25).hover()
    screen.thumb(26).hover()
    mouse.up()
    dragged = screen.selected
    screen.go(30)
    screen.thumb(31).click(modifiers=["Shift"])

    assert (dragged, screen.selected) == ([24, 25, 26], [30, 31])


def test_buttons_do_what_their_keys_do(screen: CaseScreen) -> None:
    screen.open(case())

    for name in ("Blank B", "Undo U", "Redo ⇧ U", "Rotate R", "Split S", "Cover sheet C"):
        screen.page.get_by_role("button", name=name).click()
    screen.page.get_by_role("button", name=f"File to B, Omar Nakamura, {B}").click()

    saved = screen.save()
    assert {n: page["requestId"] or page["ground"] for n, page in saved.items()} == {
        9: "blank", 10: "cover_sheet", 24: B}  # fmt: skip
    assert saved[10]["turn"] == 90


def test_boxes_agree_or_disagree_with_the_candidate_that_is_looked_at(screen: CaseScreen) -> None:
    screen.open(case())
    marks = "#overlay .box"

    best = screen.all(marks, "box => box.getAttribute('class') + box.textContent")
    screen.press("j")
    other = screen.all(marks, "box => box.getAttribute('class') + box.textContent")

    assert len(best) == len(BOXES)
    assert best[:2] == ["box agrees✓", "box disagrees✕"]
    assert other == ["box disagrees✕"] * 3 + ["box neutral"]


def test_a_finding_shows_its_place_on_the_page(screen: CaseScreen) -> None:
    screen.open(case())
    screen.page.evaluate("document.querySelector('#stage').scrollTo(0, 9999)")

    screen.page.get_by_role("button", name="against: Birth date differs").focus()

    spot = screen.page.locator("#overlay .spot rect.disagrees")
    expect(spot).to_have_count(1)
    expect(spot).to_be_in_viewport()


def test_the_letter_and_the_page_are_compared(screen: CaseScreen) -> None:
    shown = case()
    shown["letters"][1]["box"] = [0, 300, 1700, 200]

    screen.open(shown)
    first = [screen.page.locator(f"#{name}-strip").get_attribute("src") for name in ("letter", "page")]
    screen.press("j")
    expect(screen.page.locator("#letter-note")).to_have_text("Letter, page 13")

    assert [source.split("?")[0][-6:] for source in first if source] == ["/2.png", "/9.png"]
    assert "box=0,280,1700,240" in (screen.page.locator("#letter-strip").get_attribute("src") or "")


def test_zoom_stays_under_the_pointer_and_dragging_pans(screen: CaseScreen) -> None:
    screen.open(case())
    place = "JSON.stringify(document.querySelector('#overlay .box rect').getBoundingClientRect())"
    screen.page.locator("#stage").hover(position={"x": 300, "y": 250})

    screen.press("+", "+")
    wide = screen.page.evaluate("document.querySelector('#sheet').clientWidth")
    before = screen.page.evaluate("document.querySelector('#stage').scrollTop")
    screen.page.mouse.down()
    screen.page.mouse.move(700, 200)
    screen.page.mouse.up()
    after = screen.page.evaluate("document.querySelector('#stage').scrollTop")

    assert wide > 1400
    assert after > before
    assert place


def test_next_page_is_there_before_it_is_asked_for(screen: CaseScreen) -> None:
    screen.open(case())
    screen.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if "size=page" in request.url else None)

    screen.press("Enter")
    expect(screen.page.locator("#leaf img")).to_have_attribute("alt", "Page 10 of 40")

    assert not [url for url in asked if "/10.png" in url]


def test_sensitive_pages_are_opened_with_a_reason_or_by_breaking_the_glass(screen: CaseScreen) -> None:
    secret = case()
    secret["pages"][8]["sensitive"] = "closed"
    secret["current"] = {**detail_json(9), "boxes": [], "words": "", "identity": None}
    screen.open(secret)
    screen.site.may_open = False
    closed = [screen.label(9), screen.page.locator("#leaf[data-blurred] img").get_attribute("src")]

    screen.page.get_by_role("textbox", name="Reason").fill("Claim 8264 is due today")
    screen.press("Enter")
    expect(screen.page.locator("#sensitive-why")).to_have_text("You may not open sensitive pages.")
    screen.page.get_by_role("button", name="Break the glass").click()
    expect(screen.page.locator("#sensitive")).to_be_hidden()
    expect(screen.page.locator("#leaf img")).to_have_attribute("src", f"/pages/{'5e' * 32}/9.png?size=page&v=0a1b2c3d")

    assert (closed[0] or "").endswith("sensitive, closed")
    assert "size=thumb" in (closed[1] or "")
    assert [opened["breakGlass"] for opened in screen.site.opened] == [False, True]
    assert screen.page.locator("#overlay .box").count() == len(BOXES)


def test_blind_pages_show_no_probability_and_propose_nobody(screen: CaseScreen) -> None:
    blind = case(opened=(9,), blind=True)
    blind["pages"][8].update(proposed=None, probability=None)
    for candidate in blind["current"]["candidates"]:
        candidate["probability"] = None

    screen.open(blind).press("Enter")
    said = screen.said
    shares = screen.page.locator(".share").count()
    screen.press("2")

    assert shares == 0
    assert said.startswith("Nothing is proposed for this page")
    assert screen.save()[9]["requestId"] == B


def test_hostile_text_stays_text(screen: CaseScreen) -> None:
    hostile = case(reason=HOSTILE, note=HOSTILE, channel=HOSTILE, line=HOSTILE)
    hostile["document"].update(senderName=HOSTILE, sender=HOSTILE, source=HOSTILE)
    for request in hostile["requests"].values():
        request.update(dict.fromkeys(("claim", "memberId", "name", "provider", "program", "from", "born"), HOSTILE))
    for page in hostile["pages"]:
        page.update(reason=HOSTILE, type=HOSTILE, by=HOSTILE, ground=HOSTILE)
    hostile["current"].update(reason=HOSTILE, words=HOSTILE, damage=[HOSTILE])
    for finding in hostile["current"]["candidates"][0]["findings"]:
        finding["sentence"] = HOSTILE
    found: Json = {**hostile["requests"][A], "id": HOSTILE, "why": HOSTILE}

    screen.open(hostile)
    words = screen.page.locator("#page-words").text_content() or ""
    screen.site.found["xss"] = (0.0, [found])
    screen.press("/")
    screen.page.keyboard.type("xss")
    expect(screen.page.locator("#found li")).to_have_count(1)
    screen.press("Enter", "Enter", "j", "?")

    assert screen.page.locator("body[data-hit], main script:not([type='application/json']), img[onerror]").count() == 0
    assert HOSTILE in (screen.page.locator("#sender").text_content() or "")
    assert HOSTILE in words


def test_four_hundred_pages_stay_quick(screen: CaseScreen) -> None:
    screen.open(case(pages=400, opened=(9, 399)))
    screen.page.wait_for_load_state("networkidle")

    loaded = screen.page.locator("#pages img[src]").count()
    script = """() => { const began = performance.now();
        for (let k = 0; k < 20; k += 1) document.dispatchEvent(new KeyboardEvent('keydown', {key: 'b', bubbles: true}));
        document.dispatchEvent(new KeyboardEvent('keydown', {key: 'u', bubbles: true}));
        return performance.now() - began; }"""
    spent = screen.page.evaluate(script)
    screen.press("End")

    assert loaded < 80
    assert spent < 2_000
    expect(screen.thumb(400)).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violations_of_the_accessibility_rules(screen: CaseScreen, scheme: str) -> None:
    screen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that it knows
    screen.open(case()).press("Enter", "b", "s", "l")
    found = {"case": Axe().run(screen.page)}

    screen.press("?" if scheme == "light" else "p")
    found["dialog"] = Axe().run(screen.page)
    screen.press("Escape", "/")
    screen.page.set_viewport_size({"width": 320, "height": 256})
    found["zoomed"] = Axe().run(screen.page)
    wide = screen.page.evaluate("document.documentElement.scrollWidth")

    told = {place: result.generate_report() for place, result in found.items() if result.violations_count}
    assert not told, "\n".join(told.values())
    assert wide <= 320


def test_the_hard_core_of_drafts_changes_nothing_that_is_given(screen: CaseScreen) -> None:
    screen.open(case())
    script = """(() => {
        const frozen = Object.freeze({ answers: Object.freeze({}), turns: Object.freeze({}), cuts: Object.freeze([]) });
        const draft = m.turn(m.cut(m.answer(frozen, [3, 4], m.filedTo('R1')), 4), [4]);
        const again = m.reopen(m.uncut(draft, 4), [3]);
        const pages = [3, 4, 5].map((n) => ({ n, open: n < 5, outcome: n < 5 ? 'review' : 'filed', requestId: 'R1' }));
        return [draft.cuts, m.toSave(draft, pages).map((p) => [p.page, p.turn]), Object.keys(again.answers), again.cuts,
            m.withoutRepeats(m.answer(draft, [5], m.filedTo('R1')), pages).answers[5] ?? null];
    })()"""

    result = screen.module("draft", script)

    assert result == [[4], [[3, 0], [4, 90]], ["4"], [], None]
    assert OPEN
