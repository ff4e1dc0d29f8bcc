"""The registry over HTTP: one request, closing it, a whole file; all or nothing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, replace

from tests.builders.requests import JANET, OMAR
from tests.builders.served import Served, problem
from worker.db import requests
from worker.domain.request import Request, RequestStatus

CSV = {"Content-Type": "text/csv; charset=utf-8"}


def body(request: Request) -> dict[str, str]:
    values = {name: str(value) for name, value in asdict(request).items() if name != "request_id"}
    return values | {"status": request.status.value}


def table(rows: Sequence[Request]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(asdict(JANET)))
    writer.writeheader()
    writer.writerows({"request_id": row.request_id, **body(row)} for row in rows)
    return text.getvalue().encode()


def test_a_request_is_added_and_then_changed(served: Served) -> None:
    path = f"/v1/requests/{JANET.request_id}"
    moved = replace(JANET, provider_fax="2125550199")

    added = served.ask.put(path, json=body(JANET))
    changed = served.ask.put(path, json=body(moved))

    assert (added.status_code, changed.status_code) == (201, 200)
    assert changed.json() == {"request_id": JANET.request_id, "status": "open"}
    assert requests.load_all(served.site.shelf.engine) == (moved,)


def test_a_bad_request_changes_nothing_and_is_not_quoted(served: Served) -> None:
    path = f"/v1/requests/{JANET.request_id}"
    later = body(replace(JANET, service_from=JANET.service_to.replace(year=2027)))

    turned = served.ask.put(path, json=later)
    no_day = served.ask.put(path, json=body(JANET) | {"date_of_birth": "1951-13-41"})
    missing = served.ask.put(path, json={"status": "open"})
    nonsense = served.ask.put(path, content=b"{Janet", headers={"Content-Type": "application/json"})

    assert [answer.status_code for answer in (turned, no_day, missing, nonsense)] == [422] * 4
    assert turned.json()["errors"] == [{"where": "body", "problem": "service_from is after service_to"}]
    assert no_day.json()["errors"] == [{"where": "body", "problem": "date_of_birth is no day of the calendar"}]
    assert {"where": "body.member_id", "problem": "Field required"} in missing.json()["errors"]
    assert "Janet" not in nonsense.text
    assert requests.load_all(served.site.shelf.engine) == ()


def test_a_request_that_is_far_too_large_is_refused(served: Served) -> None:
    answer = served.ask.put("/v1/requests/R1", json=body(JANET) | {"program": "x" * 100_000})

    assert (answer.status_code, problem(answer)) == (413, "too-large")


def test_a_request_is_closed(served: Served) -> None:
    requests.replace_all(served.site.shelf.engine, [JANET, OMAR])

    closed = served.ask.post(f"/v1/requests/{JANET.request_id}/close")
    unknown = served.ask.post("/v1/requests/R-404/close")

    assert closed.json() == {"request_id": JANET.request_id, "status": "closed"}
    assert (unknown.status_code, problem(unknown)) == (404, "not-found")
    found = {each.request_id: each for each in requests.load_all(served.site.shelf.engine)}
    assert found[JANET.request_id] == replace(JANET, status=RequestStatus.CLOSED)
    assert found[OMAR.request_id] == OMAR


def test_a_file_is_added_or_replaces_all(served: Served) -> None:
    requests.replace_all(served.site.shelf.engine, [OMAR])
    closed = replace(JANET, status=RequestStatus.CLOSED)

    added = served.ask.post("/v1/requests/import", content=table([JANET]), headers=CSV)
    after_adding = {each.request_id for each in requests.load_all(served.site.shelf.engine)}
    replaced = served.ask.post("/v1/requests/import?mode=replace", content=table([closed]), headers=CSV)

    assert (added.status_code, added.json()) == (200, {"imported": 1, "open": 1})
    assert after_adding == {JANET.request_id, OMAR.request_id}
    assert replaced.json() == {"imported": 1, "open": 0}
    assert requests.load_all(served.site.shelf.engine) == (closed,)


def test_a_bad_file_is_not_imported_and_says_where(served: Served) -> None:
    requests.replace_all(served.site.shelf.engine, [OMAR])
    good, bad = table([JANET]).splitlines(keepends=True)[1], table([JANET]).replace(b"1951-03-04", b"03/04/1951")

    answer = served.ask.post("/v1/requests/import?mode=replace", content=bad + good, headers=CSV)
    no_table = served.ask.post("/v1/requests/import", content=b"{}", headers={"Content-Type": "application/json"})

    assert (answer.status_code, problem(answer)) == (422, "bad-registry")
    assert answer.json()["errors"][0]["where"] == "line 2"
    assert "date_of_birth" in answer.json()["errors"][0]["problem"]
    assert "03/04/1951" not in answer.text
    assert (no_table.status_code, problem(no_table)) == (415, "unsupported")
    assert requests.load_all(served.site.shelf.engine) == (OMAR,)
