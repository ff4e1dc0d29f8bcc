"""What a person decides is saved whole or not at all, leads to the next person where it must, and moves the pages."""

from dataclasses import replace

import pytest

from tests.builders.desk import desk
from tests.builders.fake_reader import FakeReader
from tests.builders.review_cases import (
    LENGTH,
    RAVI,
    RITA,
    SENA,
    bring,
    doubtful,
    file,
    filed,
    held,
    know,
    letter,
    only_item,
)
from tests.builders.saying import JANETS, OMARS, PLAIN, aside, decisions, given, say, to
from worker.db import audit_log, documents, pages, review_items, tasks
from worker.db.reviews import Refusal
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.review import BY_PERSON, DISAGREEMENT, SECOND_LOOK, Answer, Item, ItemKind, ItemState
from worker.domain.review_policy import ReviewPolicy
from worker.domain.task import Step
from worker.pipeline.correct import open_correction
from worker.pipeline.file_step import park
from worker.pipeline.review_save import BadAnswerError, save_review
from worker.pipeline.site import Site


@pytest.fixture
def site(any_site: Site) -> Site:
    site = replace(any_site, review=PLAIN)
    know(site)
    return site


def test_deciding_all_pages_ends_the_item_and_files_the_document(site: Site) -> None:
    sha256 = bring(site, [letter(1), doubtful(2), doubtful(3)])
    file(site)

    refusal = say(site, held(site, sha256, RITA), RITA, to(2, JANETS), aside(3))

    after = decisions(site, sha256)
    assert refusal is None
    assert [after[n].outcome for n in (1, 2, 3)] == [Outcome.FILED, Outcome.FILED, Outcome.SET_ASIDE]
    assert (after[2].request_id, after[2].ground, after[3].ground) == (JANETS, BY_PERSON, "not_ours")
    assert review_items.load_open(site.shelf.engine, sha256) == ()
    assert tasks.count_due(site.shelf.engine)[Step.FILE] == 1


def test_what_is_left_out_stays_open(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])

    assert say(site, held(site, sha256, RITA), RITA, to(2, JANETS)) is None

    item = only_item(site, sha256)
    assert item.pages == (1,)
    assert item.held_by == RITA.name
    assert decisions(site, sha256)[1].outcome is Outcome.REVIEW


def test_the_same_save_twice_is_one(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])
    sent = given(site, held(site, sha256, RITA), to(1, JANETS))

    first = save_review(site, RITA, "", sent)
    again = save_review(site, RITA, "", sent)

    logged = [row for row in audit_log.load(site.shelf.engine) if row.entry.action == "decide"]
    assert (first, again) == (None, None)
    assert len(logged) == 1


def test_who_saves_what_has_changed_is_refused_and_nothing_is_saved(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    old = given(site, held(site, sha256, RITA), to(1, JANETS))
    assert say(site, only_item(site, sha256), RITA, to(2, JANETS)) is None

    refusal = save_review(site, RITA, "", old)

    assert refusal is Refusal.STALE
    assert decisions(site, sha256)[1].outcome is Outcome.REVIEW


def test_who_lost_the_item_is_refused(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])
    mine = given(site, held(site, sha256, RITA), to(1, JANETS))
    review_items.release(site.shelf.engine, mine.item.id, RITA.name)
    held(site, sha256, RAVI)

    assert save_review(site, RITA, "", mine) is Refusal.HELD
    assert decisions(site, sha256)[1].outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    "answer",
    [
        to(9, JANETS),
        to(1, "no such request"),
        Answer(1, Outcome.FILED, None, BY_PERSON),
        Answer(1, Outcome.SET_ASIDE, None, "because"),
        Answer(1, Outcome.FILED, JANETS, BY_PERSON, turn=45),
    ],
)
def test_an_answer_that_cannot_be_is_refused(site: Site, answer: Answer) -> None:
    sha256 = bring(site, [doubtful(1)])

    with pytest.raises(BadAnswerError):
        say(site, held(site, sha256, RITA), RITA, answer)

    assert decisions(site, sha256)[1].outcome is Outcome.REVIEW


def test_a_match_without_an_id_waits_for_a_second_person_who_agrees(site: Site) -> None:
    site = replace(site, review=ReviewPolicy(audit_share=0.0))
    sha256 = bring(site, [doubtful(1)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None

    second = only_item(site, sha256)
    waiting = decisions(site, sha256)[1]
    not_hers = review_items.hold(site.shelf.engine, second.id, RITA, LENGTH)
    assert say(site, held(site, sha256, RAVI), RAVI, to(1, JANETS)) is None

    assert (second.kind, second.not_by) == (ItemKind.SECOND_LOOK, frozenset({RITA.name}))
    assert not_hers is None
    assert (waiting.outcome, waiting.ground) == (Outcome.REVIEW, SECOND_LOOK)
    assert decisions(site, sha256)[1].request_id == JANETS
    assert review_items.load_open(site.shelf.engine, sha256) == ()


def test_two_who_disagree_leave_it_to_a_senior_who_is_neither(site: Site) -> None:
    site = replace(site, review=ReviewPolicy(audit_share=0.0))
    sha256 = bring(site, [doubtful(1)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None
    assert say(site, held(site, sha256, RAVI), RAVI, to(1, OMARS)) is None

    dispute = only_item(site, sha256)
    ravi = review_items.hold(site.shelf.engine, dispute.id, RAVI, LENGTH)
    between = decisions(site, sha256)[1]
    assert say(site, held(site, sha256, SENA), SENA, to(1, OMARS)) is None

    assert (dispute.kind, dispute.not_by) == (ItemKind.DISAGREEMENT, frozenset({RITA.name, RAVI.name}))
    assert ravi is None
    assert (between.outcome, between.ground) == (Outcome.REVIEW, DISAGREEMENT)
    assert decisions(site, sha256)[1].request_id == OMARS


def test_a_match_with_a_letter_in_the_document_needs_no_second_person(site: Site) -> None:
    site = replace(site, review=ReviewPolicy(audit_share=0.0))
    sha256 = bring(site, [letter(1), doubtful(2)])

    assert say(site, held(site, sha256, RITA), RITA, to(2, JANETS)) is None

    assert decisions(site, sha256)[2].request_id == JANETS


def test_who_is_not_sure_asks_a_second_person_whose_word_stands(site: Site) -> None:
    sha256 = bring(site, [letter(1), doubtful(2)])
    asks = Answer(2, Outcome.REVIEW, None, SECOND_LOOK)

    assert say(site, held(site, sha256, RITA), RITA, asks) is None
    assert say(site, held(site, sha256, RAVI), RAVI, aside(2)) is None

    assert decisions(site, sha256)[2].outcome is Outcome.SET_ASIDE


def test_the_audit_sample_is_asked_blind_and_changes_nothing_where_it_agrees(site: Site) -> None:
    site = replace(site, review=replace(PLAIN, audit_share=1.0))
    sha256 = bring(site, [filed(1)])
    item = held(site, sha256, RITA)

    assert say(site, item, RITA, to(1, JANETS)) is None

    assert (item.kind, item.pages) == (ItemKind.AUDIT, (1,))
    assert decisions(site, sha256)[1] == filed(1)
    assert review_items.load_open(site.shelf.engine, sha256) == ()


def test_who_finds_a_page_misfiled_is_judged_by_a_senior_before_it_is_withdrawn(site: Site) -> None:
    site = replace(site, review=replace(PLAIN, audit_share=1.0))
    sha256 = bring(site, [filed(1)])
    assert say(site, held(site, sha256, RITA), RITA, to(1, OMARS)) is None

    between = decisions(site, sha256)[1]
    assert say(site, held(site, sha256, SENA), SENA, to(1, OMARS)) is None

    assert between == filed(1)
    assert decisions(site, sha256)[1].request_id == OMARS


def test_a_filed_page_is_moved_by_a_correction(site: Site) -> None:
    sha256 = bring(site, [letter(1), filed(2)])
    file(site)
    item = only_correction(site, sha256)

    assert say(site, item, RITA, to(2, OMARS)) is None

    assert decisions(site, sha256)[2].request_id == OMARS
    assert tasks.count_due(site.shelf.engine)[Step.FILE] == 1


def only_correction(site: Site, sha256: str) -> Item:
    item = review_items.hold(site.shelf.engine, open_correction(site, sha256), RITA, LENGTH)
    assert item is not None
    return item


def test_what_a_person_decided_stays_when_the_machine_decides_again(site: Site) -> None:
    sha256 = bring(site, [doubtful(1), doubtful(2)])
    file(site)
    assert say(site, held(site, sha256, RITA), RITA, aside(1)) is None
    engine = site.shelf.engine
    with engine.begin() as connection:
        tasks.add(connection, Step.DECIDE, sha256, priority=50, position=1)
    task = tasks.claim(engine, [Step.DECIDE], "a test", LENGTH)
    assert task is not None

    pages.save_decisions(engine, task, [filed(1), filed(2)])

    after = decisions(site, sha256)
    assert after[1].outcome is Outcome.SET_ASIDE
    assert after[2].request_id == JANETS


def test_a_parked_document_with_all_its_pages_is_filed_by_a_person(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])
    engine = site.shelf.engine
    task = tasks.claim(engine, [Step.FILE], "a test", LENGTH)
    assert task is not None
    assert pages.park(engine, task, [doubtful(1)], "It failed three times")

    assert say(site, held(site, sha256, RITA), RITA, to(1, JANETS)) is None

    document = documents.find(engine, sha256)
    assert document is not None
    assert document.stage is Stage.DECIDED
    assert tasks.count_due(engine)[Step.FILE] == 1


def test_what_a_person_decided_stays_when_filing_fails(site: Site) -> None:
    sha256 = bring(site, [letter(1), doubtful(2)])
    assert say(site, held(site, sha256, RITA), RITA, to(2, JANETS)) is None
    task = tasks.claim(site.shelf.engine, [Step.FILE], "a test", LENGTH)
    assert task is not None

    assert park(desk(site.shelf, FakeReader()), task, "It failed three times")

    after = decisions(site, sha256)
    assert (after[1].outcome, after[1].candidates) == (Outcome.REVIEW, letter(1).candidates)
    assert (after[2].outcome, after[2].request_id) == (Outcome.FILED, JANETS)
    assert only_item(site, sha256).pages == (1,)


def test_a_note_may_hold_what_databases_refuse(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])
    answer = Answer(1, Outcome.SET_ASIDE, None, "repeated", note="a\0b", duplicate_of="page \ud800")

    assert say(site, held(site, sha256, RITA), RITA, answer) is None

    assert decisions(site, sha256)[1].outcome is Outcome.SET_ASIDE


def test_next_is_the_most_urgent_that_nobody_has(site: Site) -> None:
    bring(site, [doubtful(1)])
    urgent = bring(site, [doubtful(1)], line="expedited")
    engine = site.shelf.engine

    first = review_items.take_next(engine, RITA, LENGTH)
    second = review_items.take_next(engine, RAVI, LENGTH)
    again = review_items.take_next(engine, RITA, LENGTH)

    assert first
    assert second
    assert again
    assert first.sha256 == urgent
    assert second.sha256 != urgent
    assert again.id == first.id


def test_a_parked_item_waits_with_its_note_and_is_not_next(site: Site) -> None:
    sha256 = bring(site, [doubtful(1)])

    assert review_items.park(site.shelf.engine, held(site, sha256, RITA), RITA.name, "Ask the clinic.")

    item = only_item(site, sha256)
    assert (item.state, item.note, item.held_by) == (ItemState.PARKED, "Ask the clinic.", "")
    assert review_items.take_next(site.shelf.engine, RITA, LENGTH) is None
