"""Documents come in: safe before the answer, recorded once, and nothing left of what did not come wholly."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from tests.builders.served import BYTES, PDF, Served, came, held_files, listening, problem, serving, settled
from worker.db import answers, tasks
from worker.db.keys import Scope
from worker.db.tables import ANSWERS
from worker.domain.envelope import Channel, Envelope
from worker.pipeline.redis_bell import RedisBell
from worker.pipeline.site import Site


def test_a_body_is_a_document(served: Served) -> None:
    query = {"line": "expedited", "station": "desk 3", "operator": "mk", "declared_pages": "4", "external_id": "b-7",
             "sender": "portal", "filename": "C:\\scans\\a\u202eb.pdf"}  # fmt: skip

    answer = served.ask.post("/v1/documents", content=BYTES, headers=PDF, params=query)

    assert answer.status_code == 201
    (receipt,) = answer.json()["documents"]
    (arrival,) = came(served.site)
    assert receipt == {
        "receipt": arrival.receipt, "sha256": arrival.sha256, "bytes": len(BYTES), "came_before": False
    }  # fmt: skip
    assert answer.headers["Location"] == f"/v1/documents/{arrival.receipt}"
    assert arrival.source == "a\\u202eb.pdf"
    assert arrival.envelope == Envelope(
        Channel.API, "expedited", "portal", station="desk 3", operator="mk", declared_pages=4, external_id="b-7"
    )
    with served.site.shelf.original(arrival.sha256) as path:
        assert path.read_bytes() == BYTES
    assert settled(served.site)


def test_a_form_brings_several(served: Served) -> None:
    files = [("file", ("one.tif", b"II*\0 one")), ("file", ("two.tif", b"II*\0 two" * 50_000))]

    answer = served.ask.post("/v1/documents", files=files, data={"operator": "mk", "line": "expedited"})

    assert answer.status_code == 201, answer.text
    assert [arrival.source for arrival in came(served.site)] == ["one.tif", "two.tif"]
    assert {arrival.envelope.operator for arrival in came(served.site)} == {"mk"}
    assert {arrival.envelope.line for arrival in came(served.site)} == {"expedited"}
    assert {arrival.envelope.station for arrival in came(served.site)} == {"everything"}
    assert [each["receipt"] for each in answer.json()["documents"]] == [each.receipt for each in came(served.site)]
    assert [each["bytes"] for each in answer.json()["documents"]] == [8, 400_000]


def test_the_same_bytes_again_are_another_arrival(served: Served) -> None:
    served.ask.post("/v1/documents", content=BYTES, headers=PDF)

    answer = served.ask.post("/v1/documents", content=BYTES, headers=PDF)

    assert answer.status_code == 201
    assert answer.json()["documents"][0]["came_before"]
    assert [arrival.is_duplicate for arrival in came(served.site)] == [False, True]


def test_an_upload_repeated_with_its_key_is_the_same(served: Served) -> None:
    key = PDF | {"Idempotency-Key": "mine-1"}
    first = served.ask.post("/v1/documents", content=BYTES, headers=key)

    again = served.ask.post("/v1/documents", content=BYTES, headers=key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert len(came(served.site)) == 1


def test_a_key_is_for_one_upload_and_one_station(served: Served) -> None:
    key = PDF | {"Idempotency-Key": "mine-1"}
    served.ask.post("/v1/documents", content=BYTES, headers=key)
    other = served.client("other", Scope.UPLOAD)

    changed = served.ask.post("/v1/documents", content=BYTES + b"!", headers=key)
    elsewhere = other.post("/v1/documents", content=BYTES + b"!", headers=key)

    assert (changed.status_code, problem(changed)) == (409, "key-reused")
    assert elsewhere.status_code == 201
    assert len(came(served.site)) == 2


def test_two_at_once_with_one_key_are_one(served: Served) -> None:
    key = PDF | {"Idempotency-Key": "mine-1", **served.ask.headers}
    found: list[httpx.Response] = []

    def send() -> None:
        found.append(httpx.post(f"{served.url}/v1/documents", content=BYTES * 1000, headers=key, timeout=30))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in found) == [200] * 5 + [201]
    assert len({answer.content for answer in found}) == 1
    assert len(came(served.site)) == 1


def test_who_died_before_answering_is_followed(served: Served) -> None:
    key = PDF | {"Idempotency-Key": "mine-1"}
    first = served.ask.post("/v1/documents", content=BYTES, headers=key)
    with served.site.shelf.engine.begin() as connection:
        long_ago = tasks.clock(connection) - answers.PATIENCE - timedelta(seconds=1)
        connection.execute(sa.update(ANSWERS).values(answer=answers.NONE_YET, created_at=long_ago))

    again = served.ask.post("/v1/documents", content=BYTES, headers=key)

    assert again.content == first.content
    assert len(came(served.site)) == 1


def test_a_body_too_large_is_refused_before_it_is_read(served: Served) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 65_536
            yield b"x" * 65_536

    announced = served.ask.post("/v1/documents", content=b"x" * 200_001, headers=PDF, params={"line": "small"})
    # A server that stops reading may be heard, or noticed by a broken connection: both are no success.
    try:
        streamed = served.ask.post("/v1/documents", content=endless(), headers=PDF, params={"line": "small"})
        assert streamed.status_code == 413
    except httpx.TransportError:
        assert sent

    assert (announced.status_code, problem(announced)) == (413, "too-large")
    assert sent < 50_000_000
    assert came(served.site) == ()
    assert settled(served.site)


@pytest.mark.parametrize("line_first", [True, False])
def test_the_limits_of_a_line_hold_for_its_forms(served: Served, line_first: bool) -> None:
    line, large = ("line", (None, b"small")), ("file", ("a.pdf", b"x" * 200_001))
    three = [("file", (f"{number}.pdf", b"x")) for number in range(3)]

    too_large = served.ask.post("/v1/documents", files=[line, large] if line_first else [large, line])
    too_many = served.ask.post("/v1/documents", files=[line, *three] if line_first else [*three, line])

    assert (too_large.status_code, problem(too_large)) == (413, "too-large")
    assert (too_many.status_code, problem(too_many)) == (413, "too-many-documents")
    assert came(served.site) == ()


@pytest.mark.parametrize(
    ("content", "headers", "query", "status", "kind"),
    [
        (b"", PDF, {}, 422, "empty"),
        (BYTES, PDF, {"line": "nowhere"}, 422, "no-such-line"),
        (BYTES, PDF, {"statoin": "3"}, 422, "invalid"),
        (BYTES, PDF, {"declared_pages": "0"}, 422, "invalid"),
        (BYTES, {"Content-Type": "text/html"}, {}, 415, "unsupported"),
        (BYTES, PDF | {"Content-Encoding": "gzip"}, {}, 415, "unsupported"),
        (BYTES, {"Content-Type": "multipart/form-data"}, {}, 415, "unsupported"),
        (BYTES, {"Content-Type": "multipart/form-data; boundary=b"}, {}, 422, "bad-form"),
        (BYTES, PDF | {"Idempotency-Key": "a b"}, {}, 422, "invalid"),
    ],
)
def test_what_cannot_be_taken_is_a_problem(
    served: Served, content: bytes, headers: dict[str, str], query: dict[str, str], status: int, kind: str
) -> None:
    answer = served.ask.post("/v1/documents", content=content, headers=headers, params=query)

    assert (answer.status_code, problem(answer)) == (status, kind)
    assert came(served.site) == ()
    assert settled(served.site)


def test_a_form_that_was_cut_short_is_not_recorded(served: Served) -> None:
    whole = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nabc\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    cut = [served.ask.post("/v1/documents", content=whole[:size], headers=headers) for size in (10, 70, -4, -3)]
    kept = served.ask.post("/v1/documents", content=whole, headers=headers)

    assert [problem(answer) for answer in cut] == ["bad-form"] * 4
    assert kept.status_code == 201
    assert len(came(served.site)) == 1


def test_a_client_that_goes_away_leaves_nothing(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/documents HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/pdf\r\nContent-Length: 100000\r\n"
        f"Authorization: {served.ask.headers['Authorization']}\r\n\r\n"
    )

    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + b"x" * 50_000)
        until = time.monotonic() + 10
        while not held_files(served.site) and time.monotonic() < until:
            time.sleep(0.01)
        was_held = held_files(served.site)

    assert was_held
    assert settled(served.site)
    assert came(served.site) == ()
    assert list((served.site.home / "spool").iterdir()) == []


def test_a_slow_upload_delays_nobody(served: Served) -> None:
    slow = threading.Event()
    clients = [threading.Thread(target=_drip, args=(served, slow)) for _ in range(60)]
    for client in clients:
        client.start()
    time.sleep(0.5)

    began = time.monotonic()
    answer = served.ask.post("/v1/documents", content=BYTES, headers=PDF)
    took = time.monotonic() - began
    slow.set()
    for client in clients:
        client.join()

    assert answer.status_code == 201
    assert took < 5


def _drip(served: Served, stop: threading.Event) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/documents HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/pdf\r\nContent-Length: 100000\r\n"
        f"Authorization: {served.ask.headers['Authorization']}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + b"x" * 100)
        stop.wait(20)


def test_documents_come_in_while_redis_is_down(site: Site) -> None:
    with serving(replace(site, bell=RedisBell("redis://127.0.0.1:1/0"))) as served:
        answer = served.ask.post("/v1/documents", content=BYTES, headers=PDF)
        ready = served.ask.get("/readyz")

    assert answer.status_code == 201
    assert len(came(site)) == 1
    assert (ready.status_code, ready.json()["status"], ready.json()["bell"]) == (200, "degraded", "down")


def test_a_store_that_cannot_be_written_is_said(served: Served) -> None:
    (served.site.home / "spool").write_bytes(b"where a folder should be")

    answer = served.ask.post("/v1/documents", content=BYTES, headers=PDF | {"Idempotency-Key": "mine-1"})
    (served.site.home / "spool").unlink()
    later = served.ask.post("/v1/documents", content=BYTES, headers=PDF | {"Idempotency-Key": "mine-1"})

    assert (answer.status_code, problem(answer)) == (507, "cannot-write")
    assert int(answer.headers["Retry-After"]) > 0
    assert later.status_code == 201


def test_a_database_that_is_away_is_said(site: Site) -> None:
    away = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    headers = {"Authorization": "Bearer whatever"}
    with listening(replace(site, shelf=replace(site.shelf, engine=away))) as url:
        answer = httpx.post(f"{url}/v1/documents", content=BYTES, headers=headers | PDF)
        ready = httpx.get(f"{url}/readyz")

    assert (answer.status_code, problem(answer)) == (503, "unreachable")
    assert (ready.status_code, ready.json()["database"]) == (503, "down")
