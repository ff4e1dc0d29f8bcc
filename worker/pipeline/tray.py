"""A whole tray: every arrival that is not finished goes on from where it stands, several documents at once.

Reading and deciding run side by side; what they find is settled in the order of arrival, so that the same tray gives
the same decisions whatever the number of jobs.
"""

import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from worker.db import arrivals, documents, pages
from worker.db.documents import Document
from worker.domain.decision import DocumentType
from worker.domain.document import Stage
from worker.domain.reading import PageReading
from worker.errors import BadDocumentError, PigeonholeError, UnfinishedError
from worker.logs import where
from worker.matching.judgment import Ground, Judgment
from worker.matching.registry import Registry
from worker.matching.repeats import Earlier, mark_repeat
from worker.matching.sightings import PageSightings
from worker.matching.weights import Policy
from worker.ocr.page_reader import PageReader
from worker.pipeline.decide import decide_document
from worker.pipeline.give_out import Shelf, file_document
from worker.pipeline.read import read_document, read_on

_log = structlog.get_logger()

#: Documents under way beyond those that the jobs work on: more would only hold memory.
DOCUMENTS_AHEAD = 2


class Progress(Protocol):
    """Told how far the tray is; implementations must be safe to call from several threads."""

    def expect(self, pages: int) -> None:
        """So many pages more will be read."""

    def page_read(self) -> None:
        """One page had its first look."""

    def document_done(self) -> None:
        """One document is filed or rejected."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to work on a tray."""

    shelf: Shelf
    reader: PageReader
    registry: Registry
    policy: Policy
    progress: Progress


@dataclass(frozen=True, slots=True)
class _Decided:
    """A document's judgments, before they are settled against what came earlier. None: rejected."""

    sha256: str
    judgments: tuple[Judgment, ...]
    readings: tuple[PageReading, ...]


def process_tray(desk: Desk, jobs: int) -> None:
    """Brings every arrival to its end. Stopped at any moment and run again, it finishes the rest.

    Raises UnfinishedError after all others are done if an error of ours kept documents from their end.
    """
    unfinished = 0
    waiting = [d for d in documents.load_all(desk.shelf.engine) if not d.stage.is_end]
    with closing(_in_order(desk, waiting, jobs)) as in_order:
        for document, decided in in_order:
            unfinished += not _finish(desk, document, decided)
            desk.progress.document_done()
    if unfinished:
        raise UnfinishedError(unfinished)


def _finish(desk: Desk, document: Document, decided: _Decided | None) -> bool:
    """Settles and files; False when an error of ours came between, which costs the others nothing."""
    try:
        if decided:
            _settle(desk, decided)
        if decided or document.stage is Stage.DECIDED:
            file_document(desk.shelf, document.sha256)
    except BadDocumentError as error:
        _log.error("document not filed", document=document.sha256[:16], why=error.reason)
        return False
    except PigeonholeError:
        raise
    except Exception as error:  # noqa: BLE001 - the edge between one document and the tray
        _report(document, error)
        return False
    return True


def _in_order(desk: Desk, waiting: Iterable[Document], jobs: int) -> Generator[tuple[Document, _Decided | None]]:
    """Reads and decides several documents at once; yields them in the order of arrival."""
    stopping = threading.Event()
    with ThreadPoolExecutor(jobs + DOCUMENTS_AHEAD, thread_name_prefix="document") as threads:
        under_way: deque[tuple[Document, Future[_Decided | None]]] = deque()
        try:
            for document in waiting:
                under_way.append((document, threads.submit(_work_on, desk, document, stopping)))
                if len(under_way) > jobs + DOCUMENTS_AHEAD:
                    first, future = under_way.popleft()
                    yield first, future.result()
            while under_way:
                first, future = under_way.popleft()
                yield first, future.result()
        except BaseException:  # an interrupt, or the tray goes no further: GeneratorExit
            stopping.set()
            desk.reader.close()
            for _, future in under_way:
                future.cancel()
            raise


def _work_on(desk: Desk, document: Document, stopping: threading.Event) -> _Decided | None:
    """Reads and decides; an error of ours in one document costs that document a person's look, not the tray.

    Once `stopping` is set, errors come from the stop and say nothing about the document: the next run takes it up.
    """
    try:
        return _read_and_decide(desk, document)
    except PigeonholeError:
        raise
    except Exception as error:
        if stopping.is_set():
            raise
        _report(document, error)
        return _for_a_person(desk, document.sha256, f"Pigeonhole failed on this document ({type(error).__name__})")


def _report(document: Document, error: Exception) -> None:
    _log.error("document failed", document=document.sha256[:16], error=type(error).__name__, where=where(error))


def _for_a_person(desk: Desk, sha256: str, why: str) -> _Decided | None:
    """Every page to review if the document was read, else the document rejected; its bytes are kept either way."""
    readings = pages.load_readings(desk.shelf.engine, sha256)
    if not readings:
        documents.reject(desk.shelf.engine, sha256, f"{why}; the original is kept: please report it")
        return None
    unknown = [PageSightings(reading.number, DocumentType.OTHER, 0.0) for reading in readings]
    return _Decided(sha256, tuple(Judgment(p, Ground.FAILED, None, 0.0, f"{why}.") for p in unknown), readings)


def _read_and_decide(desk: Desk, document: Document) -> _Decided | None:
    if document.stage is Stage.DECIDED:
        return None
    engine, sha256 = desk.shelf.engine, document.sha256
    original = desk.shelf.originals.path_of(sha256)
    if document.stage is Stage.RECEIVED:
        try:
            readings = _read(desk, sha256, original)
        except BadDocumentError as error:
            documents.reject(engine, sha256, error.reason)
            return None
    else:
        readings = pages.load_readings(engine, sha256)
    on = partial(read_on, desk.reader, original, readings)
    judgments, readings = decide_document(readings, desk.registry, desk.policy, on)
    return _Decided(sha256, judgments, readings)


def _read(desk: Desk, sha256: str, original: Path) -> tuple[PageReading, ...]:
    documents.begin_attempt(desk.shelf.engine, sha256)
    progress = desk.progress
    read = read_document(desk.reader, original, on_count=progress.expect, on_page=progress.page_read)
    pages.save_readings(desk.shelf.engine, sha256, read.kind, read.readings, damage=" ".join(read.damage))
    return read.readings


def _settle(desk: Desk, decided: _Decided) -> None:
    """READ -> DECIDED: the judgments, with a document that came before recognised."""
    engine = desk.shelf.engine
    filed_to = sorted({j.decision.request_id for j in decided.judgments if j.decision.request_id})
    earlier = _earlier(desk, filed_to, decided.sha256)
    judgments = mark_repeat(decided.judgments, decided.readings, earlier, desk.registry)
    decisions = [judgment.decision for judgment in judgments]
    pages.save_decisions(engine, decided.sha256, decisions, decided.readings)


def _earlier(desk: Desk, request_ids: Sequence[str], but: str) -> tuple[Earlier, ...]:
    """The documents decided before that hold pages of the same requests, in the order of arrival."""
    engine = desk.shelf.engine
    hashes = {sha256 for r in request_ids for sha256 in pages.load_documents_of(engine, r)} - {but}
    held = sorted((arrivals.find_first(engine, sha256) for sha256 in hashes), key=lambda arrival: arrival.order)
    return tuple(
        Earlier(
            arrival.source,
            pages.load_readings(engine, arrival.sha256),
            tuple(decision.request_id for decision in pages.load_decisions(engine, arrival.sha256)),
        )
        for arrival in held
    )
