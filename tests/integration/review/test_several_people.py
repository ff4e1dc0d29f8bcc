"""Several people and the machine at one document: no page waits twice, and nobody answers for another."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.builders.requests import JANET, OMAR
from tests.builders.review_cases import (
    RAVI,
    RITA,
    SENA,
    bring,
    claim,
    doubtful,
    held,
    know,
    letter,
    only_item,
)
from worker.db import documents, pages, tasks
from worker.db.reviews import Refusal, Work
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.person import Person
from worker.domain.review import BY_PERSON, Answer, Item, ItemKind
from worker.domain.review_policy import ReviewPolicy
from worker.domain.task import Step
from worker.pipeline.decide_step import for_a_person
from worker.pipeline.inbox import items_of_parked
from worker.pipeline.review_save import Given, save_review
from worker.pipeline.site import Site

JANETS, OMARS = JANET.request_id, OMAR.request_id


@pytest.fixture
def site(any_site: Site) -> Site:
    know(any_site)
    return replace(any_site, review=ReviewPolicy(audit_share=0.0))


def to(page: int, request_id: str) -> Answer:
    return Answer(page, Outcome.FILED, request_id, BY_PERSON)


def say(site: Site, item: Item, person: Person, *answers: Answer) -> Refusal | None:
    document = documents.find(site.shelf.engine, item.sha256)
    assert document is not None
    return save_review(site, person, "", Given(str(uuid.uuid4()), item, document.revision, answers, Work(1.0, 1)))


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
