"""READ: the first look at some pages of a document; many workers read one document at once."""

from collections.abc import Sequence
from pathlib import Path

from worker.db import pages
from worker.domain.reading import PageReading, Region
from worker.domain.task import Step, Task
from worker.matching.read_on import Want
from worker.ocr.asks import PageAsk, undecodable
from worker.ocr.page_reader import PageReader
from worker.pipeline.desk import Desk


def read_pages(desk: Desk, task: Task) -> None:
    """The readings of the task's pages. A chunk on which a worker died before is read page by page from then on."""
    if task.attempts > 1 and task.last_page > task.first_page:
        if pages.split_read(desk.shelf.engine, task):
            for _ in range(task.first_page, task.last_page + 1):
                desk.bell.ring(Step.READ)
        return
    asks = [PageAsk(number, Region.BANDS) for number in range(task.first_page, task.last_page + 1)]
    with desk.shelf.original(task.subject) as original:
        readings = desk.reader.read(original, asks, on_page=desk.progress.page_read)
    _save(desk, task, readings)


def give_up_reading(desk: Desk, task: Task, why: str) -> None:
    """The page stays unread, and says why: a person looks at it, the document's other pages go on."""
    asks = [PageAsk(number, Region.BANDS) for number in range(task.first_page, task.last_page + 1)]
    _save(desk, task, [undecodable(ask, why) for ask in asks])


def read_on(
    reader: PageReader, original: Path, readings: Sequence[PageReading], wants: Sequence[Want]
) -> tuple[PageReading, ...]:
    """Reads the wanted regions, each page turned as at the first look."""
    rotations = {reading.number: reading.rotation for reading in readings}
    return reader.read(original, [PageAsk(want.page, want.region, rotations[want.page]) for want in wants])


def _save(desk: Desk, task: Task, readings: Sequence[PageReading]) -> None:
    if pages.save_readings(desk.shelf.engine, task, readings):
        desk.bell.ring(Step.DECIDE)
