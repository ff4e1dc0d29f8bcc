"""The dashboard's figures out of what was counted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from worker.db.audited import Audited
from worker.db.figures import Decided, Done, Waiting
from worker.db.openings import Opening
from worker.domain.decision import Outcome
from worker.domain.line import DEFAULT_LINES
from worker.domain.review import ItemKind, ItemState
from worker.review.board import Counts, Viewer, audit_words, board, percent, quantile, touchless

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
TODAY = date(2026, 11, 25)
GLASS = Opening(1, "rita", "a" * 64, "<img src=x onerror=alert(1)>", True, NOW, NOW, None, "")


def viewer(may_use: Callable[[str], bool] = lambda _line: True) -> Viewer:
    return Viewer(may_use, {line.name: line for line in DEFAULT_LINES}, NOW)


def decided(pages: int, outcome: Outcome = Outcome.FILED, line: str = "routine", **more: Any) -> Decided:
    given: dict[str, Any] = {"channel": "fax", "quality": "clear", "is_by_person": False} | more
    return Decided(line=line, outcome=outcome, pages=pages, **given)


def waiting(hours: float, line: str = "expedited", kind: ItemKind = ItemKind.EXCEPTION) -> Waiting:
    came = NOW - timedelta(hours=hours)
    return Waiting(line, kind, "unsure", ItemState.WAITING, came, came + timedelta(hours=72))


def done(seconds: float, page: int = 1, line: str = "routine") -> Done:
    return Done(line, "fax", ItemKind.EXCEPTION, "unsure", seconds, "b" * 64, f"[{page}, 9]")


def figures(counts: Counts, seen: Viewer | None = None) -> Any:
    return board(counts, seen or viewer())


def test_pages_are_told_by_outcome_and_by_who_decided() -> None:
    week = (
        (TODAY - timedelta(days=1), (decided(7, Outcome.REVIEW),)),
        (
            TODAY,
            (decided(90), decided(4, is_by_person=True), decided(5, Outcome.SET_ASIDE), decided(1, Outcome.REVIEW)),
        ),
    )

    told = figures(Counts(days=week))

    assert told["pages"]["filed"] == {"machine": 90, "people": 4}
    assert told["touchless"]["today"] == pytest.approx(0.95)
    assert [day["share"] for day in told["touchless"]["days"]] == [0.0, pytest.approx(0.95)]


def test_no_pages_have_no_share() -> None:
    nothing: Sequence[Decided] = ()

    share = touchless(nothing)

    assert share is None
    assert figures(Counts())["pages"]["filed"] == {"machine": 0, "people": 0}


def test_a_queue_is_told_against_its_lines_clock() -> None:
    items = (waiting(80), waiting(10), waiting(2), waiting(99, kind=ItemKind.AUDIT))

    expedited, routine = figures(Counts(waiting=items))["queue"]

    assert (expedited["line"], expedited["items"], expedited["overdue"], expedited["clock"]) == ("expedited", 3, 1, 72)
    assert (expedited["oldest"], expedited["median"]) == (80.0, 10.0)
    assert (routine["items"], routine["oldest"], routine["clock"]) == (0, None, None)


def test_who_may_see_some_lines_sees_no_figure_of_others() -> None:
    week = ((TODAY, (decided(3, line="expedited"), decided(100, line="routine"))),)
    audits = (Audited("routine", 50, 1, 0), Audited("expedited", 9, 0, 0))
    counts = Counts(
        week, (waiting(1, "routine"), waiting(1)), (), (done(5),), {}, audits, audits, (("routine", GLASS),)
    )

    told = figures(counts, viewer(lambda line: line == "expedited"))

    assert told["pages"]["filed"]["machine"] == 3
    assert [row["line"] for row in told["queue"]] == ["expedited"]
    assert told["audit"]["ever"]["pages"] == 9
    assert (told["seconds"]["items"], told["alerts"]) == (0, [])


def test_seconds_are_told_by_line_and_by_how_well_the_page_came() -> None:
    items = tuple(done(seconds, page=seconds) for seconds in (4, 8, 60))
    qualities = {("b" * 64, 4): "clear", ("b" * 64, 8): "clear", ("b" * 64, 60): "poor"}

    told = figures(Counts(done=items, qualities=qualities))

    assert told["seconds"] == {"items": 3, "median": 8, "most": 60}
    assert [(row["label"], row["median"]) for row in told["groups"]["quality"]] == [("Clear", 4), ("Poor", 60)]


def test_reasons_are_counted_open_and_done_without_the_audit_sample() -> None:
    items = (waiting(1), waiting(2, kind=ItemKind.AUDIT))

    told = figures(Counts(waiting=items, done=(done(3), replace(done(3), ground="closed"))))

    assert told["reasons"] == [
        {"label": "Please decide", "waiting": 1, "done": 1},
        {"label": "Request is closed", "waiting": 0, "done": 1},
    ]


@pytest.mark.parametrize(
    ("wrong", "pages", "words"),
    [
        (0, 0, "No page has been audited yet: the rate may be anything."),
        (0, 312, "0 of 312: at most 1.2 %"),
        (3, 1000, "3 of 1,000: 0.30 %, between 0.10 % and 0.88 %"),
    ],
)
def test_the_audit_sample_is_told_with_its_interval(wrong: int, pages: int, words: str) -> None:
    said = audit_words(wrong, pages)

    assert said == words


def test_shares_are_told_with_the_digits_that_count() -> None:
    shares = (0.0, 0.000456, 0.0123, 0.5, 0.984)

    told = [percent(share) for share in shares]

    assert told == ["0 %", "0.046 %", "1.2 %", "50 %", "98 %"]


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(k) for k in range(1, 11)]

    found = quantile(values, 0.5), quantile(values, 0.9), quantile([], 0.9), quantile([3.0], 0.1)

    assert found == (5.0, 9.0, None, 3.0)
