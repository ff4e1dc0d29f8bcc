"""Bars add up to the log-odds of what was decided, and what a finding rests on is marked on the page."""

import math
from collections.abc import Sequence

import pytest

from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, Verdict
from worker.domain.reading import Barcode, Box
from worker.explaining.account import Side, Waterfall, account_of

NAME, BORN, SERVED = Box(100, 100, 200, 20), Box(400, 100, 120, 20), Box(600, 100, 120, 20)
CODE = Barcode("1Z445", "Code128", Box(500, 1800, 400, 80), "zxing")


def finding(name: str, weight: float, *boxes: Box) -> Finding:
    verdict = Verdict.AGREES if weight > 0 else Verdict.DISAGREES
    return Finding(name, verdict, weight, f"The {name} says so.", boxes)


BEST = (finding("birth date", 8.0, BORN), finding("member name", 4.0, NAME), finding("sender", 1.0))


def decision(*candidates: tuple[str, float, Sequence[Finding]], request_id: str | None = None) -> Decision:
    outcome = Outcome.FILED if request_id else Outcome.REVIEW
    given = tuple(Candidate(name, chance, tuple(findings)) for name, chance, findings in candidates)
    return Decision(1, outcome, request_id, DocumentType.OTHER, 0.9, "Because.", given)


def best_of(decided: Decision, pages: int = 3) -> Waterfall:
    best = account_of(decided, (), pages).best
    assert best is not None
    return best


@pytest.mark.parametrize("probability", [0.9, 0.5, 0.0135, 0.99])
def test_the_bars_add_up_to_the_log_odds_of_the_probability(probability: float) -> None:
    fall = best_of(decision(("A", probability, BEST)))

    assert fall.total == pytest.approx(math.log(probability / (1 - probability)), abs=1e-4)
    assert fall.total == pytest.approx(sum(step.weight for step in fall.steps))
    assert [step.before for step in fall.steps[1:]] == [step.after for step in fall.steps[:-1]]


@pytest.mark.parametrize(
    ("findings", "probability", "rest"), [(BEST * 2, 1.0, 0.0), (BEST, 1.0, 1.5), ((), 0.0, -14.5)]
)
def test_what_digits_cannot_tell_is_put_down_to_nobody(
    findings: Sequence[Finding], probability: float, rest: float
) -> None:
    fall = best_of(decision(("A", probability, findings)))

    own = sum(finding.weight for finding in findings)
    assert fall.total - own == pytest.approx(rest, abs=0.05)


def test_a_page_that_says_nothing_leaves_it_to_its_neighbours() -> None:
    beside = best_of(decision(("A", 0.98, ())))
    alone = best_of(decision(("A", 0.98, ())), pages=1)

    assert [step.sentence for step in beside.steps] == [
        "The page itself says nothing of it; the pages beside it speak for it."
    ]
    assert "before anything is read" in alone.steps[0].sentence


def test_the_request_that_was_filed_to_comes_first() -> None:
    account = account_of(decision(("A", 0.6, BEST), ("B", 0.4, BEST), request_id="B"), (), 1)

    assert account.best is not None
    assert account.runner_up is not None
    assert (account.best.request_id, account.runner_up.request_id) == ("B", "A")


def test_the_runner_up_is_marked_where_it_differs() -> None:
    service = finding("date of service", -7.0, SERVED)
    against = finding("member name", -10.0, NAME)
    rival = (
        finding("date of service", 5.0, SERVED),
        finding("birth date", 8.0, BORN),
        finding("member name", 4.0, NAME),
    )

    account = account_of(decision(("A", 0.6, (BEST[0], against, service)), ("B", 0.3, rival)), (), 2)

    assert {(mark.label, mark.side, mark.box) for mark in account.marks} == {
        ("1", Side.FOR, BORN),
        ("2", Side.AGAINST, SERVED),
        ("3", Side.AGAINST, NAME),
        ("", Side.RIVAL, SERVED),
        ("", Side.RIVAL, NAME),
    }
    assert account.nobody == pytest.approx(0.1)
    assert account.runner_up is not None
    assert [step.label for step in account.runner_up.steps[:3]] == ["1", "2", "3"]


def test_a_place_of_the_runner_up_alone_has_a_letter() -> None:
    account = account_of(decision(("A", 0.6, BEST), ("B", 0.4, (finding("claim number", 11.0, SERVED),))), (), 2)

    assert [(mark.label, mark.box) for mark in account.marks if mark.side is Side.RIVAL] == [("a", SERVED)]


def test_a_barcode_that_says_nothing_is_shown_and_one_that_counts_not_twice() -> None:
    decided = decision(("A", 0.9, BEST))
    counted = decision(("A", 0.9, (*BEST, finding("request id", 14.0, CODE.box))))

    assert [m.box for m in account_of(decided, [CODE], 1).marks if m.side is Side.CODE] == [CODE.box]
    assert [m.side for m in account_of(counted, [CODE], 1).marks if m.box == CODE.box] == [Side.FOR]


def test_without_candidates_there_is_nothing_to_weigh() -> None:
    account = account_of(decision(), (), 1)

    assert (account.best, account.runner_up, account.nobody, account.marks) == (None, None, 1.0, ())
