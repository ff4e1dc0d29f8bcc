"""A desk on a real database and disk, with a reader that does what it is told, and documents waiting on it."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

from tests.builders.fake_reader import FakeReader
from tests.builders.requests import JANET
from worker.db import arrivals, documents
from worker.domain.document import Stage
from worker.domain.envelope import ROUTINE, Envelope, Incoming
from worker.domain.task import Step, Task
from worker.intake.accept import accept
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.ocr.page_reader import PageReader
from worker.pipeline.desk import Desk, Progress, Silent
from worker.pipeline.give_out import Shelf
from worker.pipeline.leases import Leases
from worker.pipeline.registries import FixedRegistry
from worker.pipeline.work import DOCUMENT_STEPS, Hands, at_once, work_once

#: What a page says that is surely Janet's.
SURE = f"Request ID: {JANET.request_id}\nPatient: Brown, Janet\nDOB: 03/04/1951\n"


def desk(shelf: Shelf, reader: FakeReader, progress: Progress | None = None) -> Desk:
    """A desk that reads with `reader`."""
    return Desk(shelf, cast("PageReader", reader), FixedRegistry(RequestTable([JANET])), Policy(), progress or Silent())


def take_in(
    shelf: Shelf, folder: Path, texts: dict[str, str], *, priority: int = 50, line: str = ROUTINE
) -> dict[str, str]:
    """Documents of these texts arrive in this order; name -> SHA-256."""
    folder.mkdir(exist_ok=True)
    record = partial(arrivals.record_arrival, shelf.engine, priority=priority)
    taken = {}
    for name, text in texts.items():
        (folder / name).write_text(text)
        incoming = Incoming(str(folder / name).encode(), name, datetime.now(UTC), Envelope(line=line))
        taken[name] = accept(incoming, folder / name, shelf.originals, record).sha256
    return taken


def stages(shelf: Shelf) -> dict[str, Stage]:
    """Source -> how far its document is."""
    stage = {document.sha256: document.stage for document in documents.load_all(shelf.engine)}
    return {arrival.source: stage[arrival.sha256] for arrival in arrivals.load_all(shelf.engine)}


def hands(work: Desk) -> Hands:
    """A worker at this desk that tries again at once."""
    return Hands(work, Leases(work.shelf.engine, 60.0, "me"), at_once)


def work_on(worker: Hands, steps: tuple[Step, ...] = DOCUMENT_STEPS) -> list[Task]:
    """Until there is nothing to do; the tasks in the order in which they were done."""
    done = []
    while (task := work_once(worker, steps)) is not None:
        done.append(task)
    return done
