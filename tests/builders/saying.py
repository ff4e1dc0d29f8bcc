"""What a person says of pages, and saves; and how the document's pages stand then."""

import uuid

from tests.builders.requests import JANET, OMAR
from worker.db import documents, pages
from worker.db.reviews import Refusal, Work
from worker.domain.decision import Decision, Outcome
from worker.domain.person import Person
from worker.domain.review import BY_PERSON, Answer, Item
from worker.domain.review_policy import ReviewPolicy
from worker.pipeline.review_save import Given, save_review
from worker.pipeline.site import Site

#: Nobody else looks, and nothing is audited.
PLAIN = ReviewPolicy(second_look_without_id=False, second_look_lines=frozenset(), audit_share=0.0)
JANETS, OMARS = JANET.request_id, OMAR.request_id


def to(page: int, request_id: str) -> Answer:
    return Answer(page, Outcome.FILED, request_id, BY_PERSON)


def aside(page: int, why: str = "not_ours") -> Answer:
    return Answer(page, Outcome.SET_ASIDE, None, why)


def given(site: Site, item: Item, *answers: Answer) -> Given:
    document = documents.find(site.shelf.engine, item.sha256)
    assert document is not None
    return Given(str(uuid.uuid4()), item, document.revision, answers, Work(3.5, 4))


def say(site: Site, item: Item, person: Person, *answers: Answer) -> Refusal | None:
    return save_review(site, person, "127.0.0.1", given(site, item, *answers))


def decisions(site: Site, sha256: str) -> dict[int, Decision]:
    return {decision.page: decision for decision in pages.load_decisions(site.shelf.engine, sha256)}
