"""Tying the number that a document came from to the provider of a request, over HTTP."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tests.builders.requests import JANET, OMAR, given
from tests.builders.review_site import ServedReview, signed_client
from worker.db import audit_log, requests, senders
from worker.db.tables import ARRIVALS, DOCUMENTS

FAXED, MAILED = "a" * 64, "b" * 64
XSS = "<script>alert(1)</script> CLINIC"


@pytest.fixture
def site(served_anywhere: ServedReview) -> ServedReview:
    """Two documents: a fax and a mail; Omar's provider has a name that is markup."""
    engine = served_anywhere.site.shelf.engine
    requests.replace_all(engine, [JANET, given(OMAR, provider_name=XSS, provider_npi="1999999992")])
    with engine.begin() as connection:
        for sha256, sender in ((FAXED, "+15025550100"), (MAILED, "records@clinic.example")):
            values = {"source": sha256[:4], "sha256": sha256, "path": sha256.encode(), "is_duplicate": False}
            connection.execute(sa.insert(DOCUMENTS).values(sha256=sha256, size=1, stage="filed"))
            received = datetime(2026, 11, 25, tzinfo=UTC)
            connection.execute(sa.insert(ARRIVALS).values(values | {"received_at": received, "sender": sender}))
    return served_anywhere


def test_a_reviewer_ties_the_number_and_it_is_listed(site: ServedReview) -> None:
    client = signed_client(site, "rita")

    tied = client.post("/senders/tie", json={"sha256": FAXED, "requestId": JANET.request_id})
    twice = client.post("/senders/tie", json={"sha256": FAXED, "requestId": JANET.request_id})

    provider = {"npi": JANET.provider_npi, "name": JANET.provider_name}
    assert tied.json() == twice.json() == {"sender": "5025550100", "providers": [provider]}
    assert client.get(f"/senders/of/{FAXED}").json() == tied.json()
    assert [row.entry.action for row in audit_log.load(site.site.shelf.engine)][:2] == ["tie_sender"] * 2


def test_a_form_goes_back_to_the_document(site: ServedReview) -> None:
    client = signed_client(site, "rita", accept="text/html")

    answer = client.post("/senders/tie", data={"sha256": FAXED, "requestId": JANET.request_id})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/documents/{FAXED}")


def test_the_documents_story_has_the_form_for_those_who_may(site: ServedReview) -> None:
    signed_client(site, "rita").post("/senders/tie", json={"sha256": FAXED, "requestId": OMAR.request_id})

    reviewer, auditor = (
        signed_client(site, name, accept="text/html").get(f"/documents/{FAXED}").text for name in ("rita", "auda")
    )

    assert 'action="/senders/tie"' in reviewer
    assert "is tied to &lt;script&gt;alert(1)&lt;/script&gt; CLINIC." in auditor
    assert 'action="/senders/tie"' not in auditor


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"sha256": MAILED, "requestId": JANET.request_id}, 422),
        ({"sha256": FAXED, "requestId": "no such"}, 404),
        ({"sha256": FAXED, "requestId": "a\0b"}, 422),
        ({"sha256": "../..", "requestId": JANET.request_id}, 404),
        ({}, 404),
        ([], 422),
    ],
)
def test_what_does_not_fit_is_refused(site: ServedReview, body: object, code: int) -> None:
    client = signed_client(site, "rita")

    answer = client.post("/senders/tie", json=body)

    assert answer.status_code == code
    assert senders.load_all(site.site.shelf.engine) == ()


def test_who_may_not_may_not(site: ServedReview) -> None:
    body = {"sha256": FAXED, "requestId": JANET.request_id}
    tie = {
        name: signed_client(site, name).post("/senders/tie", json=body).status_code for name in ("auda", "supa", "lena")
    }

    untie = signed_client(site, "rita").post("/senders/untie", json={"sender": "5025550100", "npi": "1"})

    assert tie == {"auda": 403, "supa": 403, "lena": 404}
    assert untie.status_code == 403


def test_a_supervisor_sees_ties_as_text_and_unties(site: ServedReview) -> None:
    signed_client(site, "rita").post("/senders/tie", json={"sha256": FAXED, "requestId": OMAR.request_id})
    supervisor = signed_client(site, "supa", accept="text/html")
    page = supervisor.get("/senders").text

    codes = [
        supervisor.post("/senders/untie", data={"sender": "5025550100", "npi": "1999999992"}).status_code
        for _ in range(2)
    ]

    assert XSS not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; CLINIC" in page
    assert "Untie" not in signed_client(site, "auda", accept="text/html").get("/senders").text
    assert codes == [303, 404]
    assert senders.load_all(site.site.shelf.engine) == ()
