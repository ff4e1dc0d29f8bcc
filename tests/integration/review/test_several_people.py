"""Several people and the machine at one document: no page waits twice, and nobody answers for another."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa

from tests.builders.fake_reader import FakeReader
from tests.builders.requests import JANET, OMAR
from tests.builders.review_cases import (
    LENGTH,
    RAVI,
    RITA,
    SENA,
    bring,
    claim,
    doubtful,
    file,
    filed,
    held,
    know,
    letter,
    only_item,
    take_in,
)
from tests.builders.saying import JANETS, OMARS, PLAIN, say, to
from tests.builders.served import LINES
from worker.db import audited, documents, pages, requests, review_items, tasks
from worker.db.audited import Audited
from worker.db.reviews import Refusal, Work
from worker.db.tables import FACTS
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.person import Role
from worker.domain.review import Answer, ItemKind
from worker.domain.review_policy import ReviewPolicy
from worker.domain.task import Step
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.ocr.page_reader import PageReader
from worker.pipeline.correct import open_correction
from worker.pipeline.decide_step import decide_for_a_person, for_a_person
from worker.pipeline.desk import Desk
from worker.pipeline.inbox import items_of_parked, waits_after
from worker.pipeline.registries import FixedRegistry
from worker.pipeline.review_save import Given, save_review
from worker.pipeline.site import Site


@pytest.fixture
def site(any_site: Site) -> Site:
    know(any_site)
    return replace(any_site, review=ReviewPolicy(audit_share=0.0))


def overtaken_at(engine: sa.Engine, table: str, overtake: Callable[[], None]) -> None:
    """Whoever asks this table first is overtaken by a person."""
    ahead = [overtake]

    def before(connection: object, cursor: object, statement: str, *_: object) -> None:
        if f"FROM {table}" in statement and ahead:
            ahead.pop()()

    sa.event.listen(engine, "before_cursor_execute", before)


def corrected(site: Site, sha256: str, answer: Answer) -> None:
    """Sena has put the document right."""
    item = review_items.hold(site.shelf.engine, open_correction(site, sha256), SENA, LENGTH)
    assert item is not None
    assert say(site, item, SENA, answer) is None


def test_what_a_second_person_leaves_open_waits_for_a_second_person_alone(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS), to(2, JANETS)) is None

    assert say(site, held(site, sha256, RAVI), RAVI, to(1, JANETS)) is None

    left = only_item(site, sha256)
    assert (left.kind, left.pages, left.not_by) == (ItemKind.SECOND_LOOK, (2,), frozenset({RITA.name}))


def test_what_a_senior_leaves_open_waits_for_a_senior_alone(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS), to(2, JANETS)) is None
    assert say(site, held(site, sha256, RAVI), RAVI, to(1, OMARS), to(2, OMARS)) is None

    assert say(site, held(site, sha256, SENA), SENA, to(1, OMARS)) is None

    left = only_item(site, sha256)
    assert (left.kind, left.pages) == (ItemKind.DISAGREEMENT, (2,))


def test_a_parked_document_waits_once_whoever_was_to_look_before(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None
    anew = for_a_person([1, 2], "It failed.")

    waits = items_of_parked(site, sha256, anew, "It failed")
    assert pages.park(site.shelf.engine, claim(site, Step.FILE), anew, "It failed", items=waits)

    item = only_item(site, sha256)
    assert (item.kind, item.pages) == (ItemKind.EXCEPTION, (1, 2))


def test_saves_that_interrupt_filing_again_and_again_are_no_failures_of_it(site: Site) -> None:
    sha256 = bring(site, [letter(1), *(doubtful(page) for page in range(2, 6))])
    attempts = []

    for page in range(2, 6):
        attempts.append(claim(site, Step.FILE).attempts)
        assert say(site, held(site, sha256, RITA), RITA, to(page, JANETS)) is None
    attempts.append(claim(site, Step.FILE).attempts)

    assert attempts == [1] * 5


def test_a_save_and_the_end_of_filing_do_not_wait_for_each_other(site: Site) -> None:
    sha256 = bring(site, [letter(1), doubtful(2)])
    item, filing = held(site, sha256, RITA), claim(site, Step.FILE)
    engine = site.shelf.engine

    with ThreadPoolExecutor(1) as threads:
        with engine.begin() as connection:
            assert tasks.finish(connection, filing)
            saving = threads.submit(say, site, item, RITA, to(2, JANETS))
            time.sleep(0.5)
            assert documents.advance(connection, sha256, Stage.DECIDED, Stage.FILED)
        refusal = saving.result()

    assert refusal is None
    assert tasks.count_due(engine)[Step.FILE] == 1


@pytest.mark.parametrize("moved", [to(1, OMARS), Answer(1, Outcome.SET_ASIDE, None, "not_ours")])
def test_the_audit_of_a_page_that_a_person_has_moved_measures_the_machine_and_undoes_nothing(
    site: Site, moved: Answer
) -> None:
    site = replace(site, review=replace(PLAIN, audit_share=1.0))
    sha256 = bring(site, [filed(1)])
    file(site)
    corrected(site, sha256, moved)

    assert say(site, held(site, sha256, RAVI), RAVI, moved) is None

    (decision,) = pages.load_decisions(site.shelf.engine, sha256)
    assert (decision.outcome, decision.request_id) == (moved.outcome, moved.request_id)
    assert review_items.load_open(site.shelf.engine, sha256) == ()
    assert audited.count_audited(site.shelf.engine) == (Audited("routine", 1, 1, 1),)


def test_a_filed_page_that_is_only_turned_stays_filed(site: Site) -> None:
    sha256 = bring(site, [filed(1), doubtful(2)])

    assert say(site, held(site, sha256, RITA), RITA, replace(to(1, JANETS), turn=90)) is None

    assert pages.load_decisions(site.shelf.engine, sha256)[0] == filed(1)
    assert pages.load_rotations(site.shelf.engine, sha256)[1] == 90
    assert only_item(site, sha256).pages == (2,)


def test_when_a_blind_item_is_due_does_not_tell_what_was_chosen(site: Site) -> None:
    requests.upsert(site.shelf.engine, [replace(OMAR, due_date=JANET.due_date - timedelta(days=3))])
    due = set()

    for chosen in (JANETS, OMARS):
        sha256 = bring(site, [doubtful(1, JANETS, OMARS)])
        assert say(site, held(site, sha256, RITA), RITA, to(1, chosen)) is None
        due.add(only_item(site, sha256).due_at)

    assert len(due) == 1


def test_when_an_audit_is_due_does_not_tell_where_the_page_is_filed(site: Site) -> None:
    requests.upsert(site.shelf.engine, [replace(OMAR, due_date=JANET.due_date - timedelta(days=3))])
    audited_site = replace(site, review=replace(PLAIN, audit_share=1.0))
    likely = doubtful(1, JANETS, OMARS).candidates
    due = set()

    for chosen in (JANETS, OMARS):
        sha256 = bring(audited_site, [replace(filed(1, chosen), candidates=likely)])
        due.add(only_item(site, sha256).due_at)

    assert len(due) == 1


def test_giving_up_on_deciding_again_takes_nothing_back_that_a_person_decided_meanwhile(site: Site) -> None:
    site = replace(site, review=PLAIN)
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    file(site)
    with site.shelf.engine.begin() as connection:
        tasks.add(connection, Step.DECIDE, sha256, priority=50, position=1)
    task = claim(site, Step.DECIDE)

    def overtake() -> None:
        assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None

    overtaken_at(site.shelf.engine, FACTS.name, overtake)
    registry = FixedRegistry(RequestTable([JANET]))
    mine = Desk(site.shelf, cast("PageReader", FakeReader()), registry, Policy(), lines=site.lines)
    decide_for_a_person(mine, task, "It failed.")

    assert only_item(site, sha256).pages == (2,)
    assert tasks.count_due(site.shelf.engine)[Step.DECIDE] == 1


def test_the_name_of_a_save_is_good_for_its_own_answers_alone(site: Site) -> None:
    sha256 = bring(site, [letter(1), doubtful(2), doubtful(3)])
    item, document = held(site, sha256, RITA), documents.find(site.shelf.engine, sha256)
    assert document is not None
    sent = Given("the same name", item, document.revision, (to(2, JANETS),), Work(1.0, 1))
    other = replace(sent, answers=(to(3, OMARS),))

    refusals = [save_review(site, RITA, "", each) for each in (sent, other, sent)]
    now = documents.find(site.shelf.engine, sha256)
    assert now is not None
    later = replace(other, item=only_item(site, sha256), revision=now.revision)

    assert refusals == [None, Refusal.STALE, None]
    assert save_review(site, RITA, "", later) is Refusal.STALE
    assert only_item(site, sha256).pages == (3,)


def test_who_is_no_senior_any_more_settles_nothing(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None
    assert say(site, held(site, sha256, RAVI), RAVI, to(1, OMARS)) is None
    item = held(site, sha256, SENA)

    refusal = say(site, item, replace(SENA, roles=frozenset({Role.REVIEWER})), to(1, OMARS))

    assert refusal is Refusal.HELD
    assert only_item(site, sha256).kind is ItemKind.DISAGREEMENT


def test_what_waits_of_a_document_that_comes_again_on_a_more_urgent_line_is_that_lines(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)], name="slow.tif")
    before = only_item(site, sha256)
    (path,) = [path for path in site.home.glob("came-*.pdf") if b"slow.tif" in path.read_bytes()]

    assert take_in(site, path, line="expedited", name="urgent.tif") == sha256

    item, hours = only_item(site, sha256), LINES["expedited"].clock_hours
    assert hours is not None
    assert (before.line, item.line) == ("routine", "expedited")
    assert item.due_at == min(before.due_at, before.received_at + timedelta(hours=hours))
    lena = replace(RITA, name="lena", lines=frozenset({"expedited"}))
    assert review_items.take_next(site.shelf.engine, lena, LENGTH) is not None


def test_a_save_and_the_machine_that_decides_again_do_not_wait_for_each_other(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    file(site)

    def decide() -> None:
        with site.shelf.engine.begin() as connection:
            tasks.add(connection, Step.DECIDE, sha256, priority=50, position=1)
        again, document = claim(site, Step.DECIDE), documents.find(site.shelf.engine, sha256)
        assert document is not None
        decisions = [doubtful(1), doubtful(2)]
        waits = waits_after(site, sha256, decisions, document.revision)
        pages.save_decisions(site.shelf.engine, again, decisions, waits=waits)

    with ThreadPoolExecutor(2) as threads:
        for turn in (90, 180, 270, 0) * 3:
            item = held(site, sha256, RITA)
            asked = Answer(1, Outcome.REVIEW, None, "open", turn=turn)
            deciding, saving = threads.submit(decide), threads.submit(say, site, item, RITA, asked)
            deciding.result()
            assert saving.result() in {None, Refusal.STALE}

    assert only_item(site, sha256).pages == (1, 2)


def test_a_document_that_is_tried_again_is_audited_as_any_other(site: Site) -> None:
    site = replace(site, review=replace(PLAIN, audit_share=1.0))
    sha256 = bring(site, [filed(1)])
    assert pages.park(site.shelf.engine, claim(site, Step.FILE), for_a_person([1], "It failed."), "It failed")
    assert pages.retry(site.shelf.engine, sha256)

    waits = waits_after(site, sha256, [filed(1)], None)
    assert pages.save_decisions(site.shelf.engine, claim(site, Step.DECIDE), [filed(1)], waits=waits)

    assert only_item(site, sha256).kind is ItemKind.AUDIT
