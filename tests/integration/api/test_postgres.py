"""The API over PostgreSQL, as several processes use it: what SQLite's one writer hides must hold there as well."""

import threading
from dataclasses import replace

import httpx
import pytest

from tests.builders.requests import JANET
from tests.builders.served import BYTES, PDF, came, claim, decide, filed, listening, serving
from worker.db import requests
from worker.db.engine import open_database
from worker.pipeline.site import Site


@pytest.fixture
def shared(site: Site, postgres_url: str) -> Site:
    return replace(site, shelf=replace(site.shelf, engine=open_database(postgres_url)))


def test_two_servers_record_one_upload_once(shared: Site) -> None:
    other = replace(shared, shelf=replace(shared.shelf, engine=open_database(shared.shelf.engine.url)))
    found: list[httpx.Response] = []
    with serving(shared) as served, listening(other) as second:
        headers = PDF | {"Idempotency-Key": "mine-1", **served.ask.headers}

        def send(url: str) -> None:
            found.append(httpx.post(f"{url}/v1/documents", content=BYTES * 1000, headers=headers, timeout=30))

        threads = [threading.Thread(target=send, args=(url,)) for url in [served.url, second] * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(answer.status_code for answer in found) == [200] * 7 + [201]
    assert len({answer.content for answer in found}) == 1
    assert len(came(shared)) == 1
    assert claim(shared).subject == came(shared)[0].sha256


def test_answers_are_the_same_there(shared: Site) -> None:
    requests.replace_all(shared.shelf.engine, [JANET])
    with serving(shared) as served:
        receipt = served.ask.post("/v1/documents", content=BYTES, headers=PDF).json()["documents"][0]["receipt"]
        decide(shared, [filed(1, JANET.request_id)])

        document = served.ask.get(f"/v1/documents/{receipt}").json()
        request = served.ask.get(f"/v1/requests/{JANET.request_id}").json()
        metrics = served.ask.get("/metrics").text
        closed = served.ask.post(f"/v1/requests/{JANET.request_id}/close")

    assert (document["state"], document["pages"][0]["request_id"]) == ("done", JANET.request_id)
    assert [each["receipt"] for each in request["received"]] == [receipt]
    assert 'pigeonhole_pages{outcome="filed"} 1.0' in metrics
    assert "pigeonhole_ocr_share 0.0" in metrics
    assert closed.json()["status"] == "closed"
