"""Searching the registry from the case: who may, what comes back, what is on record."""

import pytest

from tests.builders.requests import JANET, JOAN, OMAR, given
from tests.builders.review_site import ServedReview, signed_client
from worker.db import audit_log, requests

EVIL = given(OMAR, request_id="EVIL-1", member_last_name='"><script>alert(1)</script>')


@pytest.fixture
def searched(served_anywhere: ServedReview) -> ServedReview:
    requests.replace_all(served_anywhere.site.shelf.engine, [JANET, JOAN, OMAR, EVIL])
    return served_anywhere


def searches(served: ServedReview) -> list[dict[str, object]]:
    rows = audit_log.load(served.site.shelf.engine)
    return [dict(row.entry.detail) for row in rows if row.entry.action == "search"]


def test_requests_come_as_the_case_shows_them_with_the_reason(searched: ServedReview) -> None:
    client = signed_client(searched, "omar")

    answer = client.get("/search/requests", params={"q": "brown jan", "limit": 1})

    (found,) = answer.json()["requests"]
    assert found["id"] == JANET.request_id
    assert (found["why"], found["name"], found["born"]) == ("member name", "Brown, Janet", "1951-03-04")
    assert searches(searched) == [{"query": "brown jan", "queries": 1, "shown": [JANET.request_id]}]


def test_a_choice_is_on_record_with_what_was_typed_before(searched: ServedReview) -> None:
    client = signed_client(searched, "omar")
    for typed in ("b", "br", "bro"):
        client.get("/search/requests", params={"q": typed})

    client.get("/search/requests", params={"q": "brow", "final": "1"})

    rows = searches(searched)
    assert [row["query"] for row in rows[:1]] == ["b"]
    assert rows[-1]["query"] == "brow"
    assert sum(int(str(row["queries"])) for row in rows) == 4


def test_nobody_searches_without_the_right_to_read(searched: ServedReview) -> None:
    answers = [signed_client(searched, "adam").get("/search/requests", params={"q": "brown"})]

    assert [answer.status_code for answer in answers] == [403]
    assert searches(searched) == []


@pytest.mark.parametrize("text", ["", "  ", "%", "\0", "'", "<script>", "x" * 5_000])
def test_hostile_text_is_answered(served: ServedReview, text: str) -> None:
    requests.replace_all(served.site.shelf.engine, [JANET, EVIL])

    answer = signed_client(served, "omar").get("/search/requests", params={"q": text})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("limit", ["0", "-1", "1000", "x"])
def test_limits_are_kept(served: ServedReview, limit: str) -> None:
    answer = signed_client(served, "omar").get("/search/requests", params={"q": "brown", "limit": limit})

    assert answer.status_code == 422
