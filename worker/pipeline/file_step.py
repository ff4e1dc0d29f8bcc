"""FILE: decided pages become PDFs of requests and of what a person must look at, and others are told."""

from collections.abc import Iterator, Mapping

from worker.db import arrivals, documents, events, pages, reviews
from worker.db.locks import hold
from worker.domain.decision import Decision
from worker.domain.event import EventKind, Told
from worker.domain.task import Step, Task
from worker.filing.plan import short_hash
from worker.pipeline.decide_step import left_to_a_person
from worker.pipeline.desk import Desk
from worker.pipeline.give_out import give_out, withdraw
from worker.pipeline.inbox import items_of_parked


def file_pages(desk: Desk, task: Task) -> None:
    """DECIDED -> FILED: the document's pages stand with their requests and in review. Safe to run again.

    A request's folder is written by one worker at a time, from what the database says while it holds the request:
    else the slower of two would take the other's pages out of the manifest.
    """
    engine, sha256 = desk.shelf.engine, task.subject
    now = _filed(pages.load_decisions(engine, sha256))
    before = events.load_told(engine, sha256)
    with hold(engine, [f"request:{request_id}" for request_id in sorted({*now, *before})]):
        give_out(desk.shelf, sha256, sorted({*now, *before}))
        told = list(_news(desk, sha256, before, now))
        is_done = documents.mark_filed(engine, task, told)
    if is_done:
        desk.progress.document_done()
        for _ in told:
            desk.bell.ring(Step.NOTIFY)


def park(desk: Desk, task: Task, why: str) -> bool:
    """Any stage -> PARKED: what was written of it is taken back first, so that none of its pages stays anywhere.

    What people decided stands, and is filed as soon as the document goes on. False: another worker was first. Safe to
    run again.
    """
    engine, sha256 = desk.shelf.engine, task.subject
    decided = pages.load_decisions(engine, sha256)
    stands = reviews.load_persons(engine, sha256)
    before = events.load_told(engine, sha256)
    request_ids = sorted({*_filed(decided), *before})
    with hold(engine, [f"request:{request_id}" for request_id in request_ids]):
        withdraw(desk.shelf, sha256, request_ids)
        told = list(_news(desk, sha256, before, {}))
        anew = [left_to_a_person(decision, f"{why}.") for decision in decided if decision.page not in stands]
        return pages.park(engine, task, anew, why, told, items_of_parked(desk, sha256, anew, why))


def _filed(decisions: tuple[Decision, ...]) -> dict[str, list[int]]:
    filed: dict[str, list[int]] = {}
    for decision in decisions:
        for request_id in decision.filed_to:
            filed.setdefault(request_id, []).append(decision.page)
    return filed


def _news(desk: Desk, sha256: str, before: Mapping[str, list[int]], now: Mapping[str, list[int]]) -> Iterator[Told]:
    """An event for each request whose pages of this document are others than were told last."""
    arrival = arrivals.find_first(desk.shelf.engine, sha256)
    for request_id in sorted({*now, *before}):
        numbers = now.get(request_id, [])
        if numbers == before.get(request_id, []):
            continue
        kind = EventKind.PAGES_FILED if numbers else EventKind.PAGES_WITHDRAWN
        payload = {
            "request_id": request_id,
            "document": short_hash(sha256),
            "receipt": arrival.receipt,
            "line": arrival.envelope.line,
            "received_at": arrival.received_at.isoformat(timespec="seconds"),
            "pages": numbers,
            "withdrawn": sorted({*before.get(request_id, [])} - {*numbers}),
        }
        yield Told(request_id, kind, payload)
