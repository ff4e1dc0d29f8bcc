"""`pigeonhole explain`: what was read on a page, the candidates, the reasons for and against."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.db import arrivals, documents, pages
from worker.domain.decision import Candidate, Decision, Verdict
from worker.domain.document import Arrival, Stage
from worker.domain.reading import PageReading, TextReading, Unreadable
from worker.errors import BadDocumentError
from worker.settings import settings
from worker.wiring import DATABASE, open_shelf, open_site

_SIGNS = {Verdict.AGREES: Text("for", "green"), Verdict.DISAGREES: Text("against", "red"), Verdict.NOTHING: Text()}


def explain(
    out: Annotated[Path, typer.Argument(help="The output folder of a run, or the home of the service.")],
    source: Annotated[str, typer.Argument(help="A document, by its name in pages.csv.")],
    page: Annotated[int | None, typer.Argument(min=1, help="One page; all pages unless given.")] = None,
) -> None:
    """Show what was read on a page, which requests it could belong to, and the reasons for and against.

    Example: pigeonhole explain out fax0001.tif 3
    """
    engine = _engine(out)
    arrival = arrivals.find_by_source(engine, source)
    if arrival is None:
        raise BadDocumentError(f"no document {source!r} in {out}: see the column source of documents.csv")
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if why := _why_without_pages(engine, arrival):
        console.print(f"{source} {why}")
        return
    readings = {reading.number: reading for reading in pages.load_readings(engine, arrival.sha256)}
    decisions = {decision.page: decision for decision in pages.load_decisions(engine, arrival.sha256)}
    if page is not None and page not in readings:
        raise BadDocumentError(f"{source} has pages 1 to {len(readings)}, not {page}")
    for number in [page] if page else sorted(readings):
        _print_page(console, source, readings[number], decisions.get(number))


def _engine(out: Path) -> sa.Engine:
    """The folder's own database, or that of the service where its home has none of its own."""
    if (out / DATABASE).exists():
        return open_shelf(out).engine
    if settings().database_url is not None:
        return open_site(out).shelf.engine
    raise BadDocumentError(f"{out} holds no results: run pigeonhole process, or pigeonhole up, first")


def _why_without_pages(engine: sa.Engine, arrival: Arrival) -> str:
    """The rest of a sentence about a document without pages; empty for others."""
    if not arrival.sha256:
        return f"was rejected: {arrivals.load_refusals(engine)[arrival.source]}"
    document = documents.find(engine, arrival.sha256)
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
    _print_reading(console, reading)
    for candidate in decision.candidates if decision else ():
        console.print(_candidate_table(candidate))


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


def _candidate_table(candidate: Candidate) -> Table:
    title = Text(f"request {candidate.request_id}: probability {candidate.probability:.4f}")
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("weight", justify="right")
    table.add_column("reason")
    for finding in sorted(candidate.findings, key=lambda f: -f.weight):
        table.add_row(_SIGNS[finding.verdict], f"{finding.weight:+.1f}", Text(finding.sentence))
    return table
