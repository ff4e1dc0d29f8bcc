"""What became of documents, and whether something has arrived."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.builders.requests import JANET, OMAR
from tests.builders.served import PDF, Served, claim, decide, filed, in_review, problem, set_aside
from worker.db import documents, requests
from worker.db.keys import Scope

Upload = Callable[..., str]


@pytest.fixture
def upload(served: Served) -> Upload:
    def send(content: bytes = b"one", line: str = "routine") -> str:
        answer = served.ask.post("/v1/documents", content=content, headers=PDF, params={"line": line})
        return str(answer.json()["documents"][0]["receipt"])

    return send


def test_a_document_is_received_then_done(served: Served, upload: Upload) -> None:
    receipt = upload()
    before = served.ask.get(f"/v1/documents/{receipt}").json()

    decide(served.site, [filed(1, JANET.request_id), in_review(2), set_aside(3)])
    after = served.ask.get(f"/v1/documents/{receipt}").json()

    assert (before["state"], before["page_count"], before["pages"]) == ("received", None, [])
    assert (after["state"], after["page_count"], after["line"], after["door"]) == ("done", 3, "routine", "api")
    assert [(page["outcome"], page["request_id"]) for page in after["pages"]] == [
        ("filed", JANET.request_id),
        ("review", None),
        ("set_aside", None),
    ]
    assert after["pages"][2]["reason"] == "The page is blank."
    assert datetime.fromisoformat(after["received_at"]).utcoffset() == datetime.now(served.site.zone).utcoffset()


def test_reasons_name_nobody(served: Served, upload: Upload) -> None:
    receipt = upload()
    decide(served.site, [filed(1, JANET.request_id), in_review(2)])

    said = served.ask.get(f"/v1/documents/{receipt}").text

    assert not [word for word in ("Janet", "Omar", "1936", OMAR.request_id) if word in said]


def test_a_rejected_document_says_why(served: Served, upload: Upload) -> None:
    receipt = upload()

    documents.reject(served.site.shelf.engine, claim(served.site), "The file is no document.")

    state = served.ask.get(f"/v1/documents/{receipt}").json()
    assert (state["state"], state["reason"]) == ("rejected", "The file is no document.")


def test_an_unknown_receipt_is_not_found(served: Served) -> None:
    answer = served.ask.get("/v1/documents/0123456789ABCDEF")

    assert (answer.status_code, problem(answer)) == (404, "not-found")


def test_has_it_arrived(served: Served, upload: Upload) -> None:
    requests.replace_all(served.site.shelf.engine, [JANET, OMAR])
    nothing = served.ask.get(f"/v1/requests/{JANET.request_id}").json()
    first = upload(b"one")
    decide(served.site, [filed(1, JANET.request_id), filed(2, OMAR.request_id), filed(3, JANET.request_id)])
    again = upload(b"one", line="expedited")

    answer = served.ask.get(f"/v1/requests/{JANET.request_id}")

    assert (nothing["received"], nothing["page_count"], nothing["status"]) == ([], 0, "open")
    state = answer.json()
    assert [(each["receipt"], each["pages"], each["came_before"]) for each in state["received"]] == [
        (first, [1, 3], False),
        (again, [1, 3], True),
    ]
    assert [(each["door"], each["line"], each["state"]) for each in state["received"]] == [
        ("api", "routine", "done"),
        ("api", "expedited", "done"),
    ]
    assert (state["page_count"], state["due_date"]) == (2, "2031-11-28")
    assert not [word for word in ("Janet", "Brown", "1951", JANET.member_id, OMAR.request_id) if word in answer.text]


def test_a_station_sees_what_came_on_its_line(served: Served, upload: Upload) -> None:
    requests.replace_all(served.site.shelf.engine, [JANET])
    upload(b"one")
    decide(served.site, [filed(1, JANET.request_id)])
    ask = served.client("station", Scope.READ, lines=("expedited",))

    state = ask.get(f"/v1/requests/{JANET.request_id}").json()

    assert state["received"] == []


def test_a_request_that_nobody_made_is_not_found(served: Served) -> None:
    answer = served.ask.get("/v1/requests/R-404")

    assert (answer.status_code, problem(answer)) == (404, "not-found")
