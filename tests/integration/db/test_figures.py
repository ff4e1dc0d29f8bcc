"""What the dashboard counts and learning reads, on both databases."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders.busy_week import Mailroom, add_opinion, decision, fill
from worker.db import audited, figures, labelled
from worker.db.audited import Audited
from worker.db.engine import open_database, sqlite_url
from worker.db.review_tables import OPINIONS
from worker.db.tables import DOCUMENTS
from worker.domain.decision import Outcome
from worker.domain.review import ItemKind, ItemState

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
SMALL = Mailroom(NOW, days=3, documents_a_day=8, pages=4, audited=20, wrong=2)
SHA = "c" * 64


@pytest.fixture
def filled(engine: sa.Engine) -> sa.Engine:
    fill(engine, SMALL)
    return engine


@pytest.fixture
def document(engine: sa.Engine) -> sa.Engine:
    """One document, of which people say things."""
    with engine.begin() as connection:
        connection.execute(sa.insert(DOCUMENTS).values(sha256=SHA, size=1, stage="filed", pages=9))
    return engine


def say(engine: sa.Engine, page: int, kind: ItemKind, request_id: str | None = "R1", **more: object) -> None:
    outcome = Outcome.SET_ASIDE if request_id is None else Outcome.FILED
    given = {"at": NOW, "request_id": request_id, "outcome": outcome} | more
    with engine.begin() as connection:
        add_opinion(connection, SHA, "routine", page, kind=kind, **given)  # type: ignore[arg-type]  # named as there


def test_a_days_pages_are_counted_alike_with_alike(filled: sa.Engine) -> None:
    day = timedelta(days=1)

    today = figures.count_decided(filled, NOW - day, NOW)
    ever = figures.count_decided(filled, NOW - 30 * day, NOW + day)

    assert sum(each.pages for each in today) == 8 * 4
    assert sum(each.pages for each in ever) == 3 * 8 * 4
    assert len({(e.line, e.channel, e.quality, e.outcome, e.is_by_person) for e in ever}) == len(ever)
    assert {each.outcome for each in ever} >= {Outcome.FILED, Outcome.SET_ASIDE}


def test_a_days_pages_are_counted_from_the_index_alone(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    asked: list[tuple[str, tuple[object, ...]]] = []
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _u, query, given, *_: asked.append((query, given)))

    figures.count_decided(engine, NOW, NOW)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1][0]}", asked[-1][1]).all()

    assert any("pages USING COVERING INDEX ix_pages_decided_at" in row[3] for row in plan)


def test_items_are_told_open_and_done(filled: sa.Engine) -> None:
    since = NOW - timedelta(days=30)

    waiting, done = figures.load_waiting(filled), figures.load_done(filled, since)

    assert {item.state for item in waiting} == {ItemState.WAITING, ItemState.PARKED}
    assert sum(item.kind is ItemKind.AUDIT for item in done) == SMALL.audited
    assert figures.load_done(filled, NOW + timedelta(days=1)) == ()


def test_the_quality_of_some_pages_is_looked_up(filled: sa.Engine) -> None:
    done = figures.load_done(filled, NOW - timedelta(days=30))
    wanted = {(item.sha256, item.first_page) for item in done}

    found = figures.load_qualities(filled, wanted)

    assert found.keys() == wanted
    assert figures.load_qualities(filled, ()) == {}
    assert set(figures.load_lines(filled, {sha256 for sha256, _ in wanted}).values()) <= {
        "routine",
        "expedited",
        "appeals",
    }


def test_the_audit_sample_is_counted_by_line_and_time(filled: sa.Engine) -> None:
    lately = audited.count_audited(filled, NOW - timedelta(days=5))

    ever = audited.count_audited(filled)

    assert sum(each.pages for each in ever) == SMALL.audited
    assert sum(each.wrong for each in ever) == sum(each.unsettled for each in ever) == SMALL.wrong
    assert 0 < sum(each.pages for each in lately) < SMALL.audited


def test_a_seniors_word_counts_in_place_of_the_first(document: sa.Engine) -> None:
    say(document, 1, ItemKind.AUDIT)
    say(document, 2, ItemKind.AUDIT, "R2")
    say(document, 3, ItemKind.AUDIT, None)
    say(document, 4, ItemKind.AUDIT, "R2")
    say(document, 2, ItemKind.DISAGREEMENT, "R1", by="sena")
    say(document, 3, ItemKind.DISAGREEMENT, None, by="sena")

    counted = audited.count_audited(document)

    assert counted == (Audited("routine", 4, 2, 1),)


def test_who_asks_for_a_second_person_has_not_said_that_it_is_wrong(document: sa.Engine) -> None:
    say(document, 1, ItemKind.AUDIT)
    say(document, 2, ItemKind.AUDIT, None, outcome=Outcome.REVIEW)

    counted = audited.count_audited(document)

    assert counted == (Audited("routine", 1, 0, 0),)


def test_the_truth_of_a_case_is_the_last_word_with_authority(document: sa.Engine) -> None:
    doubtful = decision(1, Outcome.REVIEW)
    say(document, 1, ItemKind.EXCEPTION, "R2", before=doubtful)
    say(document, 1, ItemKind.SECOND_LOOK, "R3", before=doubtful)
    say(document, 1, ItemKind.DISAGREEMENT, "R1", before=doubtful)
    say(document, 1, ItemKind.CORRECTION, "R2", before=doubtful)
    say(document, 2, ItemKind.EXCEPTION, "R2", before=doubtful)
    say(document, 2, ItemKind.CORRECTION, "R4", before=doubtful)
    say(document, 3, ItemKind.EXCEPTION, None, outcome=Outcome.REVIEW, before=doubtful)

    cases = {case.page: case for case in labelled.load_cases(document)}

    assert {page: case.request_id for page, case in cases.items()} == {1: "R1", 2: "R4"}
    assert cases[1].before.candidates[0].probability == 0.998
    assert cases[1].kinds == {ItemKind.EXCEPTION, ItemKind.SECOND_LOOK, ItemKind.DISAGREEMENT, ItemKind.CORRECTION}


def test_what_a_person_decided_before_is_no_case_of_the_machines(document: sa.Engine) -> None:
    say(document, 1, ItemKind.CORRECTION)
    with document.begin() as connection:
        connection.execute(sa.update(OPINIONS).values(before_by="rita"))

    cases = list(labelled.load_cases(document))

    assert cases == []


def test_the_latest_documents_come_with_what_the_machine_decided(filled: sa.Engine) -> None:
    most = 5

    found = list(labelled.load_latest(filled, most))

    assert len(found) == most
    assert Counter(len(stored.decisions) for stored in found).keys() <= {1, 2, 3, 4}
