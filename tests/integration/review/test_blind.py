"""Who may have to decide a page blind is told nowhere what was decided of it."""

import json
import re
from dataclasses import replace
from typing import Any  # a case as the browser gets it

import pytest

from tests.builders.requests import JANET, JANET_SPRING
from tests.builders.review_cases import bring, doubtful, filed, know, letter
from tests.builders.review_site import ServedReview, signed_client
from worker.db import audit_log, review_items
from worker.domain.review import Item, ItemKind
from worker.matching.review_items import blind_item
from worker.pipeline.inbox import occasion_of
from worker.pipeline.site import Site
from worker.review.case_json import NOT_TOLD

Json = dict[str, Any]


@pytest.fixture
def document(site: Site) -> str:
    """A letter, a page of the audit sample, and one that nobody could decide."""
    know(site)
    both = doubtful(2, JANET_SPRING.request_id, JANET.request_id).candidates
    sha256 = bring(site, [letter(1), replace(filed(2), candidates=both), doubtful(3)])
    occasion = occasion_of(site, sha256)
    with site.shelf.engine.begin() as connection:
        audit = blind_item(occasion, ItemKind.AUDIT, (2,), occasion.received_at)
        review_items.put(connection, sha256, [audit])
    return sha256


def item_of(site: Site, sha256: str, kind: ItemKind) -> Item:
    return next(item for item in review_items.load_open(site.shelf.engine, sha256) if item.kind is kind)


def case_of(served: ServedReview, name: str, item: Item) -> Json:
    answer = signed_client(served, name, accept="text/html").get(f"/items/{item.id}")
    found = re.search(r'<script type="application/json" id="case">(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    case: Json = json.loads(found[1])
    return case


def test_another_item_of_the_document_does_not_tell_it(served: ServedReview, document: str) -> None:
    exception = item_of(served.site, document, ItemKind.EXCEPTION)

    page = case_of(served, "rita", exception)["pages"][1]
    detail = signed_client(served, "rita").get(f"/items/{exception.id}/pages/2").json()

    assert (page["outcome"], page["requestId"], page["reason"]) == ("review", None, NOT_TOLD)
    assert [candidate["probability"] for candidate in detail["candidates"]] == [None, None]
    assert [candidate["requestId"] for candidate in detail["candidates"]] == sorted(
        [JANET.request_id, JANET_SPRING.request_id]
    )


def test_who_decides_nothing_is_told(served: ServedReview, document: str) -> None:
    exception = item_of(served.site, document, ItemKind.EXCEPTION)

    page = case_of(served, "auda", exception)["pages"][1]

    assert (page["outcome"], page["requestId"]) == ("filed", JANET.request_id)


def test_what_was_read_on_a_page_is_on_record_before_it_is_told(served: ServedReview, document: str) -> None:
    exception = item_of(served.site, document, ItemKind.EXCEPTION)

    signed_client(served, "rita").get(f"/items/{exception.id}/pages/3")

    (entry,) = [row.entry for row in audit_log.load(served.site.shelf.engine) if row.entry.action == "view_words"]
    assert (entry.by_name, entry.sha256, entry.page) == ("rita", document, 3)
