"""OPEN: finds out what the bytes are and how many pages they have."""

from worker.db import arrivals, documents, pages
from worker.domain.line import MOST_PAGES
from worker.domain.task import Step, Task
from worker.errors import BadDocumentError
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.pipeline.desk import Desk


def open_document(desk: Desk, task: Task) -> None:
    """RECEIVED -> OPENED with its pages in chunks, or REJECTED with the reason."""
    engine = desk.shelf.engine
    try:
        with desk.shelf.original(task.subject) as original:
            facts = desk.reader.inspect(original)
        _check_length(desk, task.subject, facts.page_count)
    except BadDocumentError as error:
        documents.reject(engine, task, error.reason)
        desk.progress.document_done()
        desk.bell.ring(Step.SETTLE)
        return
    chunks = _chunks(facts.page_count)
    if pages.save_opened(engine, task, facts.kind, chunks, damage=" ".join(facts.damage)):
        desk.progress.expect(facts.page_count)
        for _ in chunks:
            desk.bell.ring(Step.READ)


def _check_length(desk: Desk, sha256: str, page_count: int) -> None:
    """One line that takes so many pages is enough, among those that the document came on."""
    lines = {arrival.envelope.line for arrival in arrivals.load_of(desk.shelf.engine, sha256)}
    most = max((desk.most_pages(line) for line in lines), default=MOST_PAGES)
    if page_count > most:
        raise BadDocumentError(f"it has {page_count} pages, this line takes {most}: split it and send it again")


def _chunks(page_count: int) -> list[tuple[int, int]]:
    starts = range(1, page_count + 1, PAGES_PER_CHUNK)
    return [(first, min(first + PAGES_PER_CHUNK - 1, page_count)) for first in starts]
