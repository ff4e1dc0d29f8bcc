"""`pigeonhole explain`: what was read on a page, the candidates, the reasons for and against."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.cli.explain_picture import Explained, check_target, draw_pictures
from worker.db import arrivals, documents, pages
from worker.domain.decision import Candidate, Decision, Verdict
from worker.domain.document import Arrival, Stage
from worker.domain.reading import PageReading, TextReading, Unreadable
from worker.errors import BadDocumentError
from worker.explaining.account import by_weight, nobodys, two_likeliest
from worker.pipeline.give_out import Shelf
from worker.settings import settings
from worker.wiring import DATABASE, ORIGINALS, open_shelf, open_site

_SIGNS = {Verdict.AGREES: Text("for", "green"), Verdict.DISAGREES: Text("against", "red"), Verdict.NOTHING: Text()}


def explain(
    out: Annotated[Path, typer.Argument(help="The output folder of a run, or the home of the service.")],
    source: Annotated[str, typer.Argument(help="A document, by its name in pages.csv.")],
    page: Annotated[int | None, typer.Argument(min=1, help="One page; all pages unless given.")] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            callback=check_target,
            help="Draw it: the page with what was found on it, and what each finding weighs. Several pages become"
            " FILE-1.png, FILE-2.png, ...; in a folder they are named after the document.",
        ),
    ] = None,
) -> None:
    """Show what was read on a page, which requests it could belong to, and the reasons for and against.

    Example: pigeonhole explain out fax0001.tif 3

    As a picture: pigeonhole explain out fax0001.tif 3 --picture why.png
    """
    shelf = _shelf(out)
    arrival = arrivals.find_by_source(shelf.engine, source)
    if arrival is None:
        raise BadDocumentError(f"no document {source!r} in {out}: see the column source of documents.csv")
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if why := _why_without_pages(shelf, arrival):
        if picture:
            raise BadDocumentError(f"there is nothing to draw: {source} {why}")
        console.print(f"{source} {why}")
        return
    document = _load(shelf, arrival)
    if page is not None and page not in document.readings:
        raise BadDocumentError(f"{source} has pages 1 to {len(document.readings)}, not {page}")
    numbers = [page] if page else sorted(document.readings)
    if picture:
        for file in draw_pictures(shelf, document, numbers, picture):
            console.print(f"{file} drawn")
        return
    for number in numbers:
        _print_page(console, source, document.readings[number], document.decisions.get(number))


def _load(shelf: Shelf, arrival: Arrival) -> Explained:
    return Explained(
        arrival.source,
        arrival.sha256,
        {reading.number: reading for reading in pages.load_readings(shelf.engine, arrival.sha256)},
        {decision.page: decision for decision in pages.load_decisions(shelf.engine, arrival.sha256)},
    )


def _shelf(out: Path) -> Shelf:
    """The folder's own database and originals; those of the service where its home has none of its own."""
    has_database, given = (out / DATABASE).exists(), settings()
    if has_database and ((out / ORIGINALS).is_dir() or given.store is None):
        return open_shelf(out)
    if has_database or given.database_url is not None:
        return open_site(out).shelf
    raise BadDocumentError(f"{out} holds no results: run pigeonhole process, or pigeonhole up, first")


def _why_without_pages(shelf: Shelf, arrival: Arrival) -> str:
    """The rest of a sentence about a document without pages; empty for others."""
    if not arrival.sha256:
        return f"was rejected: {arrivals.load_refusals(shelf.engine)[arrival.source]}"
    document = documents.find(shelf.engine, arrival.sha256)
    if document is None or document.stage is Stage.RECEIVED:
        return "has not been read yet: run pigeonhole process again"
    return f"was rejected: {document.reason}" if document.stage is Stage.REJECTED else ""


def _print_page(console: Console, source: str, reading: PageReading, decision: Decision | None) -> None:
    console.rule(Text(f"{source}, page {reading.number}"))
    if decision is None:
        console.print("Not decided yet: run pigeonhole process again.")
    else:
        where = f" to {decision.request_id}" if decision.request_id else ""
        console.print(
            Text(f"{decision.outcome.value.replace('_', ' ')}{where}", "bold")
            + f", {_what(decision)}, confidence {decision.confidence:.4f}"
        )
        console.print(decision.reason)
        _print_against(console, decision)
    _print_reading(console, reading)
    if decision is not None:
        _, rival = two_likeliest(decision)
        for candidate in decision.candidates:
            console.print(_candidate_table(candidate, is_second=candidate is rival))


def _print_against(console: Console, decision: Decision) -> None:
    """What speaks against the request that the page was compared with first, and which one comes next."""
    best, rival = two_likeliest(decision)
    if best is None:
        return
    against = [finding for finding in by_weight(best) if finding.verdict is Verdict.DISAGREES]
    for finding in against:
        console.print(f"against {best.request_id}: {finding.sentence}")
    if not against:
        console.print(f"against {best.request_id}: nothing on the page")
    second = f"request {rival.request_id}, probability {rival.probability:.4f}" if rival else "none"
    console.print(f"runner-up: {second}; nobody's, or of a request that is not shown: {nobodys(decision):.4f}")


def _what(decision: Decision) -> str:
    """The document type, and the kind of record where it is known."""
    kind = decision.record_kind
    return f"{decision.document_type.value} ({kind.value})" if kind else decision.document_type.value


def _print_reading(console: Console, reading: PageReading) -> None:
    turned = f", turned {reading.rotation}°" if reading.rotation else ""
    console.print(f"\n{reading.width} x {reading.height} pixels{turned}, skew {reading.skew:.1f}°", style="dim")
    for sentence in reading.damage:
        console.print(f"damaged: {sentence}")
    for barcode in reading.barcodes:
        console.print(f"barcode {barcode.symbology} ({barcode.reader}): {barcode.payload}")
    if reading.sender_line:
        console.print(f"sender's line: {reading.sender_line.text}")
    for part in reading.text:
        console.print(f"read ({part.region.value.replace('_', ' ')}):", style="dim")
        if isinstance(part, Unreadable):
            console.print(f"  could not be read: {part.why}")
        _print_lines(console, part)


def _print_lines(console: Console, part: TextReading | Unreadable) -> None:
    for line in part.lines if isinstance(part, TextReading) else ():
        console.print(f"  {line.text}")


def _candidate_table(candidate: Candidate, *, is_second: bool) -> Table:
    place = "runner-up, " if is_second else ""
    title = Text(f"{place}request {candidate.request_id}: probability {candidate.probability:.4f}")
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("weight", justify="right")
    table.add_column("reason")
    for finding in by_weight(candidate):
        table.add_row(_SIGNS[finding.verdict], f"{finding.weight:+.1f}", Text(finding.sentence))
    return table
