"""The calibration, and fitting it from labelled cases."""

import random
from dataclasses import replace

import pytest

from tests.builders.readings import reading
from tests.builders.requests import JANET, JANET_SPRING, JOAN, OMAR
from worker.domain.decision import Outcome
from worker.matching.calibration import IDENTITY, Calibration, log_odds, logistic
from worker.matching.decide import decide
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.refit import Labelled, fit, table
from worker.matching.registry import RequestTable

GRID = [k / 1000 for k in range(1001)]
REGISTRY = RequestTable([JANET, JANET_SPRING, OMAR, JOAN])
PAGES = [
    reading(1, f"Request ID: {JANET.request_id}", "Patient: Brown, Janet", "DOB: 03/04/1951"),
    reading(2, "Patient: Brown, Janet", "DOB: 03/04/1951", "Date of service: 08/24/2025"),
    reading(3, "Patient: Nakamura, Omar", "DOB: 01/29/1936", "Date of service: 10/19/2025"),
    reading(4, "nothing that names anybody stands on this page at all"),
]


def drawn(slope: float, offset: float, number: int = 4000) -> list[Labelled]:
    """Cases whose pages are right as often as this calibration says."""
    chance = random.Random(7)
    truth = Calibration(slope, offset, is_laxer=True)
    cases = []
    for _ in range(number):
        probability = logistic(chance.uniform(-3, 7))
        cases.append(Labelled(probability, chance.random() < truth.apply(probability)))
    return cases


def decided(policy: Policy) -> list[tuple[Outcome, str | None, float]]:
    judgments = decide([look_over(page, REGISTRY) for page in PAGES], REGISTRY, policy)
    return [(j.decision.outcome, j.decision.request_id, j.decision.confidence) for j in judgments]


def test_the_identity_gives_back_exactly_what_it_was_given() -> None:
    probabilities = [*GRID, 0.123456789, 1.0]

    worth = [IDENTITY.apply(p) for p in probabilities]

    assert worth == probabilities


@pytest.mark.parametrize(
    "calibration", [Calibration(0.6, -0.5, is_laxer=True), Calibration(1.4, 0.7), Calibration(0.05)]
)
def test_what_is_surer_stays_surer(calibration: Calibration) -> None:
    probabilities = GRID

    worth = [calibration.apply(p) for p in probabilities]

    assert worth == sorted(worth)
    assert all(0 <= p <= 1 for p in worth)


@pytest.mark.parametrize("calibration", [Calibration(0.6, 1.0), Calibration(1.5, 2.0), Calibration(0.9, -0.2)])
def test_unless_it_may_be_laxer_it_only_takes_certainty_away(calibration: Calibration) -> None:
    probabilities = GRID

    worth = [calibration.apply(p) for p in probabilities]

    assert all(after <= before for before, after in zip(probabilities, worth, strict=True))


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.7, -0.4), (1.3, 0.6)])
def test_fitting_finds_what_the_cases_were_drawn_with(slope: float, offset: float) -> None:
    cases = drawn(slope, offset)

    found = fit(cases)

    assert found.slope == pytest.approx(slope, abs=0.12)
    assert found.offset == pytest.approx(offset, abs=0.15)


def test_few_cases_change_little_and_none_nothing() -> None:
    few = drawn(0.3, -2.0, number=5)

    found, nothing = fit(few), fit([])

    assert abs(found.slope - 1) < 0.5
    assert (nothing.slope, nothing.offset) == (1.0, 0.0)


def test_a_sample_speaks_for_all_pages_but_not_with_their_certainty() -> None:
    seen = [Labelled(0.97, k % 2 == 0) for k in range(100)]
    audited = [Labelled(0.97, is_right=True, weight=100.0) for _ in range(100)]

    unweighted = fit([*seen, *(replace(case, weight=1.0) for case in audited)])
    weighted = fit([*seen, *audited])

    assert unweighted.apply(0.97) < weighted.apply(0.97)
    assert abs(log_odds(weighted.apply(0.97))) < abs(log_odds(0.999))


def test_all_wrong_and_all_right_have_a_fit() -> None:
    sure = [Labelled(1.0, is_right=True)] * 500
    wrong = [Labelled(1.0, is_right=False)] * 500

    kept, lost = fit(sure), fit(wrong)

    assert kept.apply(0.99) > 0.98
    assert lost.apply(0.99) < 0.5


def test_the_table_has_each_case_once() -> None:
    cases = drawn(0.7, 0.0, number=500)

    rows = table(cases, IDENTITY, Calibration(0.7, 0.0, is_laxer=True))

    assert sum(row.cases for row in rows) == 500
    assert sum(row.right for row in rows) == sum(case.is_right for case in cases)
    assert all(row.low <= row.now <= row.high for row in rows)


def test_pages_are_decided_as_ever_with_the_identity() -> None:
    before = decided(Policy())

    after = decided(replace(Policy(), calibration=Calibration(1.0, 0.0, is_laxer=True)))

    assert after == before
    assert [outcome for outcome, _, _ in before].count(Outcome.FILED) >= 2


def test_a_page_that_is_worth_less_than_the_limit_goes_to_a_person() -> None:
    before = decided(Policy())

    after = decided(replace(Policy(), calibration=Calibration(0.3, 0.0)))

    assert before[0][0] is Outcome.FILED
    assert [outcome for outcome, _, _ in after] == [Outcome.REVIEW] * len(PAGES)
    assert after[0][2] < before[0][2]
