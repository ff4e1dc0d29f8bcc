"""Learning from labelled cases: what is fitted from, and what another calibration would decide of stored documents."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.busy_week import decision
from tests.builders.desk import SURE, desk, stages, take_in
from tests.builders.fake_reader import FakeReader
from tests.builders.requests import JANET
from worker.db import pages, senders
from worker.db.labelled import Case
from worker.db.tables import ARRIVALS
from worker.domain.audit import Entry
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.review import ItemKind
from worker.matching.calibration import IDENTITY, Calibration
from worker.matching.policy import Policy
from worker.matching.refit import LEAST_CASES
from worker.matching.registry import RequestTable
from worker.pipeline.give_out import Shelf
from worker.pipeline.learn import TooFewCasesError, flips, learn
from worker.pipeline.tray import process_tray
from worker.wiring import sole_shelf

AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        yield shelf


def case(page: int, truth: str | None = "R1", kind: ItemKind = ItemKind.EXCEPTION, **more: object) -> Case:
    outcome = Outcome.FILED if kind is ItemKind.AUDIT else Outcome.REVIEW
    given: dict[str, object] = {
        "before": decision(page, outcome), "kinds": frozenset({kind}), "outcome": Outcome.FILED, "ground": "by_person",
    }  # fmt: skip
    return Case(sha256="a" * 64, page=page, request_id=truth, at=AT, **given | more)  # type: ignore[arg-type]  # as named


def decided(shelf: Shelf, tmp_path: Path, texts: dict[str, str]) -> dict[str, str]:
    taken = take_in(shelf, tmp_path / "tray", texts)
    process_tray(desk(shelf, FakeReader()), 1)
    assert set(stages(shelf).values()) == {Stage.FILED}
    return taken


def test_cases_count_for_the_pages_that_they_stand_for() -> None:
    cases = [case(k) for k in range(90)] + [case(k, "R2" if k < 95 else "R1", ItemKind.AUDIT) for k in range(90, 110)]

    learned = learn(cases, 0.01)

    assert (len(learned.cases), learned.audited, learned.silent) == (110, 20, 0)
    assert sum(c.weight for c in learned.cases) == 90 + 20 * 100
    assert sum(not c.is_right for c in learned.cases) == 5


def test_what_says_nothing_of_a_probability_is_left_out() -> None:
    silent = [
        case(1, None, ground="blank"),
        case(2, None, ground="repeated"),
        case(3, before=replace(decision(3), ground="contradicted")),
    ]
    wrong = [case(4, None, ground="not_ours")]

    learned = learn([*silent, *wrong, *(case(k) for k in range(LEAST_CASES))], 0.01)

    assert learned.silent == len(silent)
    assert sum(not c.is_right for c in learned.cases) == 1


def test_few_cases_are_refused_in_a_sentence() -> None:
    cases = [case(k) for k in range(LEAST_CASES - 1)]

    with pytest.raises(TooFewCasesError) as refused:
        learn(cases, 0.01)

    assert str(refused.value).startswith(
        f"{LEAST_CASES - 1} labelled case(s) are too few to fit from, {LEAST_CASES} are"
    )


def test_a_calibration_tells_which_stored_decisions_it_would_change(shelf: Shelf, tmp_path: Path) -> None:
    taken = decided(shelf, tmp_path, {"sure.tif": SURE})
    registry = RequestTable([JANET])

    same = list(flips(shelf.engine, registry, Policy(), IDENTITY, 10))
    stricter = list(flips(shelf.engine, registry, Policy(), Calibration(0.3, 0.0), 10))
    back = list(flips(shelf.engine, registry, Policy(calibration=Calibration(0.3, 0.0)), IDENTITY, 10))

    assert same == []
    assert [(f.sha256, f.source, f.page, f.is_filed_then) for f in stricter] == [
        (taken["sure.tif"], "sure.tif", 1, False)
    ]
    assert stricter[0].request_id == JANET.request_id
    assert stricter[0].worth < 1 - Policy().accepted_risk <= stricter[0].was
    assert [f.is_filed_then for f in back] == [True]


def test_a_tied_number_is_evidence_from_then_on(shelf: Shelf, tmp_path: Path) -> None:
    before = decided(shelf, tmp_path, {"before.tif": SURE})["before.tif"]
    senders.tie(shelf.engine, Entry("rita", "", "tie_sender"), "5025550100", JANET.provider_npi, JANET.provider_name)
    after = take_in(shelf, tmp_path / "tray", {"after.tif": SURE + "Received again\n"})["after.tif"]
    with shelf.engine.begin() as connection:
        connection.execute(ARRIVALS.update().values(sender="+1 502-555-0100"))
    process_tray(desk(shelf, FakeReader()), 1)

    found = [
        [f.sentence for f in d.candidates[0].findings if f.name == "sender"]
        for sha256 in (before, after)
        for d in pages.load_decisions(shelf.engine, sha256)
    ]

    assert found == [[], ["The fax came from 5025550100, which a reviewer tied to Coastal Pulmonary Clinic."]]
