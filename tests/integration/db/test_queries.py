"""What is remembered: registry, arrivals, documents and pages, and who was first."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from worker.db import arrivals, documents, pages, requests
from worker.db.engine import open_database
from worker.domain.decision import Decision, DocumentType, Outcome
from worker.domain.document import DocumentKind, Stage
from worker.domain.reading import PageReading
from worker.domain.request import Request, RequestStatus
from worker.storage.originals import Kept

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SHA, OTHER = "a" * 64, "b" * 64
KEPT = Kept(SHA, 10)
DAY = date(2026, 1, 31)
REQUEST = Request(
    "R1", "C1", "M1", "Doe", "Jané", DAY, "Clinic", "1", "2", DAY, DAY, DAY, DAY, "risk", RequestStatus.OPEN
)


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_database(f"sqlite:///{tmp_path / 'pigeonhole.db'}")


@pytest.fixture
def received(engine: sa.Engine) -> sa.Engine:
    arrivals.record_arrival(engine, b"/tray/a.tif", "a.tif", NOW, KEPT)
    return engine


def page(number: int, look: str = "") -> PageReading:
    return PageReading(number, 1700, 2200, look=look)


def filed(number: int, request_id: str = "R1") -> Decision:
    return Decision(number, Outcome.FILED, request_id, DocumentType.LETTER, 0.99, "The barcode says so.")


def test_registry_is_replaced_as_a_whole(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST, replace(REQUEST, request_id="R2")])

    requests.replace_all(engine, [replace(REQUEST, request_id="R3", status=RequestStatus.CLOSED)])

    assert requests.load_all(engine) == (replace(REQUEST, request_id="R3", status=RequestStatus.CLOSED),)


def test_failed_import_leaves_the_registry_as_it_was(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST])

    with pytest.raises(sa.exc.IntegrityError):
        requests.replace_all(engine, [replace(REQUEST, request_id="R2")] * 2)

    assert requests.load_all(engine) == (REQUEST,)


def test_upsert_changes_some_and_leaves_the_others(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST, replace(REQUEST, request_id="R2")])

    requests.upsert(engine, [replace(REQUEST, status=RequestStatus.CLOSED), replace(REQUEST, request_id="R3")])

    assert [request.request_id for request in requests.load_all(engine)] == ["R1", "R2", "R3"]
    assert requests.find(engine, "R1") == replace(REQUEST, status=RequestStatus.CLOSED)
    assert requests.find(engine, "R9") is None


def test_same_path_with_same_bytes_is_the_same_arrival(received: sa.Engine) -> None:
    again = arrivals.record_arrival(received, b"/tray/a.tif", "a.tif", NOW, KEPT)

    assert (again.order, again.source, again.is_duplicate) == (1, "a.tif", False)
    assert len(arrivals.load_all(received)) == 1


def test_same_bytes_from_another_path_are_a_duplicate_arrival(received: sa.Engine) -> None:
    second = arrivals.record_arrival(received, b"/tray/b.tif", "b.tif", NOW, KEPT)

    assert (second.order, second.sha256, second.is_duplicate) == (2, SHA, True)
    assert len(documents.load_all(received)) == 1


@pytest.mark.parametrize(
    ("source", "second", "third"),
    [
        ("a.tif", "a (2).tif", "a (3).tif"),
        ("sub.dir/fax", "sub.dir/fax (2)", "sub.dir/fax (3)"),
        ("./=a.tif", "./=a (2).tif", "./=a (3).tif"),
    ],
)
def test_another_file_of_the_same_name_gets_a_number(engine: sa.Engine, source: str, second: str, third: str) -> None:
    arrivals.record_arrival(engine, b"/one/a.tif", source, NOW, KEPT)
    changed = arrivals.record_arrival(engine, b"/one/a.tif", source, NOW, Kept(OTHER, 11))
    elsewhere = arrivals.record_arrival(engine, b"/two/a.tif", source, NOW, KEPT)

    again = arrivals.record_arrival(engine, b"/one/a.tif", source, NOW, Kept(OTHER, 11))

    assert (changed.source, elsewhere.source) == (second, third)
    assert again == changed


def test_refused_file_is_an_arrival_without_bytes(engine: sa.Engine) -> None:
    first = arrivals.record_arrival(engine, b"/tray/\xff", "\\xff", NOW, None, "no permission")

    again = arrivals.record_arrival(engine, b"/tray/\xff", "\\xff", NOW, None, "no permission")

    assert first == again
    assert first.sha256 == ""
    assert arrivals.load_refusals(engine) == {"\\xff": "no permission"}
    assert documents.load_all(engine) == ()


def test_refused_file_that_can_be_read_later_keeps_its_arrival(engine: sa.Engine) -> None:
    refused = arrivals.record_arrival(engine, b"/tray/a.tif", "a.tif", NOW, None, "no permission")

    mended = arrivals.record_arrival(engine, b"/tray/a.tif", "a.tif", NOW, KEPT)

    assert (mended.order, mended.source, mended.sha256) == (refused.order, "a.tif", SHA)
    assert arrivals.load_refusals(engine) == {}
    assert arrivals.find_by_source(engine, "a.tif") == mended


def test_document_goes_through_its_stages_with_its_pages(received: sa.Engine) -> None:
    readings = (page(1, "first"), page(2))
    decisions = (filed(1), replace(filed(2), outcome=Outcome.REVIEW, request_id=None))

    moved = [
        pages.save_readings(received, SHA, DocumentKind.TIFF, readings),
        pages.save_decisions(received, SHA, decisions, [page(2, "read on")]),
        documents.mark_filed(received, SHA),
    ]

    assert moved == [True, True, True]
    assert pages.load_readings(received, SHA) == (page(1, "first"), page(2, "read on"))
    assert pages.load_decisions(received, SHA) == decisions
    assert pages.load_documents_of(received, "R1") == (SHA,)
    document = documents.find(received, SHA)
    assert document == documents.Document(SHA, 10, Stage.FILED, DocumentKind.TIFF, 2, "", 0)


def test_second_worker_changes_nothing(received: sa.Engine) -> None:
    pages.save_readings(received, SHA, DocumentKind.TIFF, [page(1, "first")])

    was_first = pages.save_readings(received, SHA, DocumentKind.PDF, [page(1, "second"), page(2)])

    assert not was_first
    assert pages.load_readings(received, SHA) == (page(1, "first"),)
    assert not documents.mark_filed(received, SHA)
    assert not documents.reject(received, SHA, "too late")


def test_of_many_workers_exactly_one_is_first(received: sa.Engine) -> None:
    first: list[bool] = []

    def save() -> None:
        first.append(pages.save_readings(received, SHA, DocumentKind.TIFF, [page(1)]))

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(first) == [False] * 7 + [True]


@pytest.mark.parametrize("numbers", [[1, 1], [1], [1, 2, 3], [2, 3], []])
def test_no_page_is_left_undecided_or_decided_twice(received: sa.Engine, numbers: list[int]) -> None:
    pages.save_readings(received, SHA, DocumentKind.TIFF, [page(1), page(2)])

    with pytest.raises(ValueError, match="one decision each"):
        pages.save_decisions(received, SHA, [filed(number) for number in numbers])

    stage = documents.find(received, SHA)
    assert stage is not None
    assert stage.stage is Stage.READ


@pytest.mark.parametrize("numbers", [[0, 1], [1, 1], [2], [1, 3]])
def test_pages_that_are_not_numbered_from_one_are_refused(received: sa.Engine, numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="numbered"):
        pages.save_readings(received, SHA, DocumentKind.TIFF, [page(number) for number in numbers])


def test_rejected_document_says_why_and_stays_so(received: sa.Engine) -> None:
    rejected = documents.reject(received, SHA, "The file is empty.")

    document = documents.find(received, SHA)
    assert rejected
    assert document is not None
    assert (document.stage, document.reason) == (Stage.REJECTED, "The file is empty.")
    assert not pages.save_readings(received, SHA, DocumentKind.TIFF, [page(1)])


def test_attempts_are_counted(received: sa.Engine) -> None:
    counts = [documents.begin_attempt(received, SHA) for _ in range(3)]

    assert counts == [1, 2, 3]


def test_documents_at_a_stage_come_in_the_order_of_arrival(engine: sa.Engine) -> None:
    for name in ("c", "a", "b"):
        arrivals.record_arrival(engine, name.encode(), name, NOW, Kept(name * 64, 1))
    documents.reject(engine, "a" * 64, "bad")

    waiting = documents.load_at(engine, Stage.RECEIVED)

    assert [document.sha256[0] for document in waiting] == ["c", "b"]
    assert [document.sha256[0] for document in documents.load_all(engine)] == ["c", "a", "b"]


@pytest.mark.parametrize("reason", ["half a pair \ud800", "a NUL \0 in it", "=cmd()", "naïve 日本"])
def test_any_reason_can_be_stored(received: sa.Engine, reason: str) -> None:
    pages.save_readings(received, SHA, DocumentKind.TIFF, [page(1)])

    pages.save_decisions(received, SHA, [replace(filed(1), reason=reason)])

    assert pages.load_decisions(received, SHA)[0].reason == reason


@pytest.mark.parametrize("load", [pages.load_readings, pages.load_decisions])
def test_unknown_document_has_no_pages(engine: sa.Engine, load: Callable[[sa.Engine, str], tuple[object, ...]]) -> None:
    assert load(engine, OTHER) == ()
    assert documents.find(engine, OTHER) is None
