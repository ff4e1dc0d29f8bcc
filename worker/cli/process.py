"""`pigeonhole process`: a tray of scans in, filed pages out."""

import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.progress import TrayProgress
from worker.cli.requests import SkipBadRows, report_left_out
from worker.cli.summary import print_summary
from worker.db import arrivals, documents
from worker.domain.document import DocumentOutcome
from worker.domain.envelope import Incoming
from worker.errors import BadDocumentError, ExitCode
from worker.filing.tables import write_tables
from worker.intake.accept import accept
from worker.intake.registry_csv import check_registry
from worker.intake.scans import Scan, Tray, find_scans
from worker.pipeline.desk import Desk
from worker.pipeline.give_out import Shelf
from worker.pipeline.registries import StoredRegistry
from worker.pipeline.results import load_results
from worker.pipeline.tray import process_tray
from worker.settings import settings
from worker.storage.folder_store import FolderStore
from worker.wiring import import_requests, page_reader, policy, sole_shelf


def process(
    scans: Annotated[list[Path], typer.Argument(metavar="SCAN...", help="Files, or folders with their subfolders.")],
    requests: Annotated[Path, typer.Option(help="The registry: a CSV of requests, open and closed.")],
    out: Annotated[Path, typer.Option(help="Where everything goes. Used again, nothing is filed twice.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Reader processes; one per core unless given.")] = None,
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """File every page of SCAN against the request it answers; what is not sure goes to OUT/review.

    Takes TIFF, PDF, PNG and JPEG. Writes OUT/pages.csv, OUT/documents.csv, OUT/requests/ and OUT/review/.
    Stopped at any moment and run again, it finishes the rest.

    Example: pigeonhole process scans/ --requests requests.csv --out out --jobs 4
    """
    _check_given(scans)
    registry = check_registry(requests, skip_bad_rows=skip_bad_rows)
    report_left_out(registry)
    tray = find_scans(scans, leave_out=[out, requests])
    with sole_shelf(out) as shelf:
        import_requests(shelf, registry)
        try:
            taken = _take_in(shelf, tray)
            progress = _work(shelf, jobs or settings().jobs)
        finally:
            results = load_results(shelf.engine)
            write_tables(FolderStore(out), results)
    print_summary(out, results, progress, left_alone=len(tray.left_alone))
    if all(result.outcome is DocumentOutcome.REJECTED for result in results if result.arrival.order in taken):
        raise typer.Exit(ExitCode.BAD_INPUT)


def _check_given(scans: list[Path]) -> None:
    """One that is missing among others is an arrival that was refused; with nothing there the command was wrong."""
    if not any(os.path.lexists(path) for path in scans):
        raise BadDocumentError(f"there is no file or folder {str(scans[0])!r}: check the path")


def _take_in(shelf: Shelf, tray: Tray) -> set[int]:
    """Makes all scans durable; returns which arrivals they are."""
    if not tray.scans:
        raise BadDocumentError("there is nothing to process: give files, or folders that hold some")
    record = partial(arrivals.record_arrival, shelf.engine)
    return {accept(_incoming(scan), scan.path, shelf.originals, record, scan.refusal).order for scan in tray.scans}


def _incoming(scan: Scan) -> Incoming:
    return Incoming(os.fsencode(scan.path), scan.source, datetime.now(settings().time_zone))


def _work(shelf: Shelf, jobs: int) -> TrayProgress:
    waiting = sum(not document.stage.is_end for document in documents.load_all(shelf.engine))
    with TrayProgress(waiting) as progress, page_reader(jobs, shelf.out) as reader:
        desk = Desk(shelf, reader, StoredRegistry(shelf.engine), policy(shelf.out), progress, zone=settings().time_zone)
        process_tray(desk, jobs)
    return progress
