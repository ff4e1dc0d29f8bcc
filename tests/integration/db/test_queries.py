"""What is remembered: arrivals, documents and pages, and who was first. On both databases."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from worker.db import arrivals, documents, pages, tasks
from worker.domain.decision import Decision, DocumentType, Outcome
from worker.domain.document import Arrival, DocumentKind, Stage
from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.reading import PageReading
from worker.domain.task import Step, Task
from worker.storage.originals import Kept

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SHA, OTHER = "a" * 64, "b" * 64
KEPT = Kept(SHA, 10)
LEASE = timedelta(minutes=1)
TRAY = Envelope()


@pytest.fixture
def received(engine: sa.Engine) -> sa.Engine:
    record(engine, b"/tray/a.tif", "a.tif", KEPT)
    return engine


def record(
    engine: sa.Engine, place: bytes, source: str, kept: Kept | None, refusal: str = "", envelope: Envelope = TRAY
) -> Arrival:
    return arrivals.record_arrival(engine, Incoming(place, source, NOW, envelope), kept, refusal)


def claim(engine: sa.Engine, step: Step) -> Task:
    task = tasks.claim(engine, [step], "w1", LEASE)
    assert task is not None
    return task


def read(engine: sa.Engine, *readings: PageReading) -> None:
    """Take the first document that waits as far as READ, with these pages."""
    pages.save_opened(engine, claim(engine, Step.OPEN), DocumentKind.TIFF, [(1, len(readings))])
    pages.save_readings(engine, claim(engine, Step.READ), readings)


def page(number: int, look: str = "") -> PageReading:
    return PageReading(number, 1700, 2200, look=look)


def filed(number: int, request_id: str = "R1") -> Decision:
    return Decision(number, Outcome.FILED, request_id, DocumentType.LETTER, 0.99, "The barcode says so.")


def test_same_path_with_same_bytes_is_the_same_arrival(received: sa.Engine) -> None:
    again = record(received, b"/tray/a.tif", "a.tif", KEPT)

    assert (again.order, again.source, again.is_duplicate) == (1, "a.tif", False)
    assert len(arrivals.load_all(received)) == 1


def test_same_bytes_from_another_path_are_a_duplicate_arrival(received: sa.Engine) -> None:
    second = record(received, b"/tray/b.tif", "b.tif", KEPT)

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
    record(engine, b"/one/a.tif", source, KEPT)
    changed = record(engine, b"/one/a.tif", source, Kept(OTHER, 11))
    elsewhere = record(engine, b"/two/a.tif", source, KEPT)

    again = record(engine, b"/one/a.tif", source, Kept(OTHER, 11))

    assert (changed.source, elsewhere.source) == (second, third)
    assert again == changed


def test_many_files_of_the_same_name_cost_few_queries(engine: sa.Engine) -> None:
    names = [record(engine, f"/tray/{n}".encode(), "a.tif", Kept(f"{n:064}", 10)).source for n in range(1, 301)]
    queries: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *about: queries.append(about[2]))

    last = record(engine, b"/tray/last", "a.tif", KEPT)

    assert names == ["a.tif", *(f"a ({n}).tif" for n in range(2, 301))]
    assert last.source == "a (301).tif"
    assert len(queries) < 25


def test_a_name_that_looks_numbered_is_not_given_twice(engine: sa.Engine) -> None:
    own = ["a (2).tif", "a (4).tif", "a.tif", "a.tif", "a.tif", "a (2).tif"]

    names = [record(engine, f"/tray/{n}".encode(), name, Kept(f"{n:064}", 10)).source for n, name in enumerate(own)]

    assert len(set(names)) == len(own)
    assert names[:3] == own[:3]


def test_refused_file_is_an_arrival_without_bytes(engine: sa.Engine) -> None:
    first = record(engine, b"/tray/\xff", "\\xff", None, "no permission")

    again = record(engine, b"/tray/\xff", "\\xff", None, "no permission")

    assert first == again
    assert first.sha256 == ""
    assert arrivals.load_refusals(engine) == {"\\xff": "no permission"}
    assert documents.load_all(engine) == ()


def test_refused_file_that_can_be_read_later_keeps_its_arrival(engine: sa.Engine) -> None:
    refused = record(engine, b"/tray/a.tif", "a.tif", None, "no permission")

    mended = record(engine, b"/tray/a.tif", "a.tif", KEPT)

    assert (mended.order, mended.source, mended.sha256) == (refused.order, "a.tif", SHA)
    assert arrivals.load_refusals(engine) == {}
    assert arrivals.find_by_source(engine, "a.tif") == mended


def test_document_goes_through_its_stages_with_its_pages(received: sa.Engine) -> None:
    readings = (page(1, "first"), page(2))
    decisions = (filed(1), replace(filed(2), outcome=Outcome.REVIEW, request_id=None))

    opened = pages.save_opened(received, claim(received, Step.OPEN), DocumentKind.TIFF, [(1, 1), (2, 2)])
    stages = [stage_of(received)]
    was_read = [pages.save_readings(received, claim(received, Step.READ), [one]) for one in readings]
    stages.append(stage_of(received))
    decided = pages.save_decisions(
        received, claim(received, Step.DECIDE), decisions, [page(2, "read on")], registry_version=7
    )
    stages.append(stage_of(received))
    gave_out = documents.mark_filed(received, claim(received, Step.FILE))

    assert (opened, was_read, decided, gave_out) == (True, [True, True], True, True)
    assert stages == [Stage.OPENED, Stage.READ, Stage.DECIDED]
    assert pages.load_readings(received, SHA) == (page(1, "first"), page(2, "read on"))
    assert pages.load_decisions(received, SHA) == decisions
    assert pages.load_documents_of(received, "R1") == (SHA,)
    document = documents.find(received, SHA)
    assert document == documents.Document(
        SHA, 10, Stage.FILED, DocumentKind.TIFF, 2, "", 0, "routine", 50, 1, registry_version=7, revision=1
    )
    assert not tasks.is_any_left(received, tuple(Step))


def stage_of(engine: sa.Engine) -> Stage:
    document = documents.find(engine, SHA)
    assert document is not None
    return document.stage


def test_worker_that_lost_its_task_saves_nothing(received: sa.Engine) -> None:
    read(received, page(1, "first"))
    lost = tasks.claim(received, [Step.DECIDE], "w1", timedelta(0))
    assert lost is not None
    held = claim(received, Step.DECIDE)

    was_first = pages.save_decisions(received, lost, [filed(1)])

    assert not was_first
    assert pages.load_decisions(received, SHA) == ()
    assert not documents.mark_filed(received, lost)
    assert not documents.reject(received, lost, "too late")
    assert pages.save_decisions(received, held, [filed(1)])


def test_last_of_many_chunks_saved_at_once_adds_the_decision(received: sa.Engine) -> None:
    pages.save_opened(received, claim(received, Step.OPEN), DocumentKind.TIFF, [(n, n) for n in range(1, 9)])
    claimed = [claim(received, Step.READ) for _ in range(8)]
    saved: list[bool] = []

    def save(task: Task) -> None:
        saved.append(pages.save_readings(received, task, [page(task.first_page)]))

    threads = [threading.Thread(target=save, args=(task,)) for task in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert saved == [True] * 8
    assert stage_of(received) is Stage.READ
    assert tasks.count_due(received) == {Step.DECIDE: 1}


def test_same_bytes_through_many_doors_at_once_are_one_document(engine: sa.Engine) -> None:
    came: list[Arrival] = []

    def offer(number: int) -> None:
        came.append(record(engine, f"/door/{number}".encode(), "a.tif", KEPT))

    threads = [threading.Thread(target=offer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(arrival.is_duplicate for arrival in came) == [False] + [True] * 5
    assert len({arrival.source for arrival in came}) == len({arrival.receipt for arrival in came}) == 6
    assert tasks.count_due(engine) == {Step.OPEN: 1}


def test_envelope_comes_back_and_the_arrival_is_found_by_its_receipt(engine: sa.Engine) -> None:
    envelope = Envelope(
        Channel.FAX,
        "expedited",
        "+15550100",
        "Dr. Ö",
        "+15550199",
        "scan-3",
        "op",
        4,
        "half a page",
        "c1",
        (("a", "b"),),
    )

    arrival = record(engine, b"fax:c1", "c1.tif", KEPT, envelope=envelope)

    assert arrival.envelope == envelope
    assert arrivals.find_by_receipt(engine, arrival.receipt) == arrival
    assert arrivals.find_by_receipt(engine, "0" * 16) is None


@pytest.mark.parametrize("numbers", [[1, 1], [1], [1, 2, 3], [2, 3], []])
def test_no_page_is_left_undecided_or_decided_twice(received: sa.Engine, numbers: list[int]) -> None:
    read(received, page(1), page(2))
    task = claim(received, Step.DECIDE)

    with pytest.raises(ValueError, match="one decision each"):
        pages.save_decisions(received, task, [filed(number) for number in numbers])

    assert stage_of(received) is Stage.READ


@pytest.mark.parametrize("numbers", [[0, 1], [1, 1], [2], [1, 2, 3], []])
def test_readings_of_other_pages_than_were_asked_for_are_refused(received: sa.Engine, numbers: list[int]) -> None:
    pages.save_opened(received, claim(received, Step.OPEN), DocumentKind.TIFF, [(1, 2)])
    task = claim(received, Step.READ)

    with pytest.raises(ValueError, match="were to be read"):
        pages.save_readings(received, task, [page(number) for number in numbers])


@pytest.mark.parametrize("chunks", [[], [(2, 3)], [(1, 2), (4, 5)], [(1, 2), (2, 3)]])
def test_chunks_that_leave_out_a_page_are_refused(received: sa.Engine, chunks: list[tuple[int, int]]) -> None:
    task = claim(received, Step.OPEN)

    with pytest.raises(ValueError, match="cover all pages"):
        pages.save_opened(received, task, DocumentKind.TIFF, chunks)


def test_rejected_document_says_why_and_stays_so(received: sa.Engine) -> None:
    rejected = documents.reject(received, claim(received, Step.OPEN), "The file is empty.")

    document = documents.find(received, SHA)
    assert rejected
    assert document is not None
    assert (document.stage, document.reason) == (Stage.REJECTED, "The file is empty.")
    assert not tasks.is_any_left(received, tuple(Step))


def test_documents_at_a_stage_come_in_the_order_of_arrival(engine: sa.Engine) -> None:
    for name in ("c", "a", "b"):
        record(engine, name.encode(), name, Kept(name * 64, 1))
    claim(engine, Step.OPEN)
    documents.reject(engine, claim(engine, Step.OPEN), "bad")

    waiting = documents.load_at(engine, Stage.RECEIVED)

    assert [document.sha256[0] for document in waiting] == ["c", "b"]
    assert [document.sha256[0] for document in documents.load_all(engine)] == ["c", "a", "b"]


@pytest.mark.parametrize("reason", ["half a pair \ud800", "a NUL \0 in it", "=cmd()", "naïve 日本"])
def test_any_reason_can_be_stored(received: sa.Engine, reason: str) -> None:
    read(received, page(1))

    pages.save_decisions(received, claim(received, Step.DECIDE), [replace(filed(1), reason=reason)])

    assert pages.load_decisions(received, SHA)[0].reason == reason


@pytest.mark.parametrize("load", [pages.load_readings, pages.load_decisions])
def test_unknown_document_has_no_pages(engine: sa.Engine, load: Callable[[sa.Engine, str], tuple[object, ...]]) -> None:
    assert load(engine, OTHER) == ()
    assert documents.find(engine, OTHER) is None
