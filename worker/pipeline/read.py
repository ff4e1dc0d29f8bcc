"""The reading step: a document's bytes become readings of all its pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.domain.document import DocumentKind
from worker.domain.reading import PageReading, Region
from worker.matching.read_on import Want
from worker.ocr.page_reader import PageReader
from worker.ocr.sheets import PageAsk


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as read: what it is, the file's own defects (a sentence each), and every page's reading."""

    kind: DocumentKind
    damage: tuple[str, ...]
    readings: tuple[PageReading, ...]


def read_document(
    reader: PageReader,
    original: Path,
    *,
    on_count: Callable[[int], None] = lambda _: None,
    on_page: Callable[[], None] = lambda: None,
) -> ReadDocument:
    """The first look at every page of a document. Raises BadDocumentError."""
    facts = reader.inspect(original)
    on_count(facts.page_count)
    asks = [PageAsk(number, Region.BANDS) for number in range(1, facts.page_count + 1)]
    return ReadDocument(facts.kind, facts.damage, reader.read(original, asks, on_page=on_page))


def read_on(
    reader: PageReader, original: Path, readings: Sequence[PageReading], wants: Sequence[Want]
) -> tuple[PageReading, ...]:
    """Reads the wanted regions, each page turned as at the first look."""
    rotations = {reading.number: reading.rotation for reading in readings}
    return reader.read(original, [PageAsk(want.page, want.region, rotations[want.page]) for want in wants])
