"""Reads some pages of one document: decode, clean, barcodes, lines, words. Runs in a child process.

Everything native happens here, so that a crash or a hang costs these pages and not the run. Each page's failure is
its own: it comes back as a reading that says why, never as an empty page.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from worker.domain.document import DocumentKind
from worker.domain.reading import Barcode, Line, PageReading, Region, TextReading, Unreadable, Word
from worker.errors import BadPageError
from worker.ocr.barcodes import find_barcodes
from worker.ocr.cleanup import CleanPage, clean
from worker.ocr.images import Pixels
from worker.ocr.lines import TextLine, find_lines
from worker.ocr.open_document import Document, open_document
from worker.ocr.sender import is_sender_line
from worker.ocr.separators import is_separator
from worker.ocr.tesseract import read_lines
from worker.ocr.text_lines import SECOND_SCALE, as_line, choose_lines, for_second_opinion
from worker.ocr.turn import settle_turns, turned
from worker.ocr.zbar import second_opinion

#: Seconds that Tesseract may take for one line image, and for its start.
SECONDS_PER_LINE, SECONDS_TO_START = 1.0, 20.0


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Read this region of the page of this number (from 1). `rotation` is known from the first look, else None."""

    number: int
    region: Region
    rotation: int | None = None


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Some pages of the file at `path`; `work_folder` is private and takes the images that the engine reads."""

    path: Path
    asks: tuple[PageAsk, ...]
    work_folder: Path


@dataclass(frozen=True, slots=True)
class Inspect:
    """What is this file, and how many pages has it?."""

    path: Path


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The answer to Inspect; `damage` has a sentence for each defect of the file as a whole."""

    kind: DocumentKind
    page_count: int
    damage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as cleaned and turned, with the damage that its decoder reported."""

    ask: PageAsk
    page: CleanPage
    damage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """A sheet with its barcodes and with the lines to read, the sender's line last where there is one."""

    sheet: _Sheet
    barcodes: tuple[Barcode, ...]
    lines: tuple[TextLine, ...]
    images: tuple[Pixels, ...]


def prepare_process() -> None:
    """Run once in each child: one thread each for OpenCV and Tesseract, since pages are spread over processes."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)


def answer(task: Inspect | ReadChunk) -> FileFacts | tuple[PageReading, ...]:
    """The one function that reader processes run."""
    if isinstance(task, Inspect):
        with open_document(task.path) as document:
            return FileFacts(document.kind, document.page_count, document.damage)
    return read_chunk(task)


def read_chunk(chunk: ReadChunk) -> tuple[PageReading, ...]:
    """One reading for each ask, in order. A first look (BANDS) is complete; later ones hold only their text."""
    tempfile.tempdir = str(chunk.work_folder)
    with open_document(chunk.path) as document:
        opened = [_open(document, ask) for ask in chunk.asks]
    sheets = _turned([sheet for sheet in opened if isinstance(sheet, _Sheet)])
    read = {reading.number: reading for reading in _read([_look(sheet) for sheet in sheets])}
    return tuple(read[sheet.ask.number] if isinstance(sheet, _Sheet) else sheet for sheet in opened)


def _open(document: Document, ask: PageAsk) -> _Sheet | PageReading:
    try:
        image = document.page(ask.number)
    except BadPageError as error:
        return undecodable(ask, error.reason)
    return _Sheet(ask, clean(image), image.damage)


def undecodable(ask: PageAsk, why: str) -> PageReading:
    """A reading that says that the page could not be read. After a failed first look nothing more is tried."""
    first = ask.region is Region.BANDS
    regions = tuple(Region) if first else (ask.region,)
    text = tuple(Unreadable(region, why) for region in regions)
    return PageReading(ask.number, 0, 0, damage=(why,) if first else (), text=text)


def _turned(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Each sheet upright: as at the first look, or else as its text reads better where the image alone is unsure."""
    settled = iter(settle_turns([sheet.page for sheet in sheets if sheet.ask.rotation is None]))
    return [
        replace(
            sheet,
            page=next(settled) if sheet.ask.rotation is None else turned(sheet.page, to=sheet.ask.rotation),
        )
        for sheet in sheets
    ]


def _look(sheet: _Sheet) -> _Look:
    page, region = sheet.page, sheet.ask.region
    if page.is_blank:
        return _Look(sheet, (), (), ())
    barcodes = find_barcodes(page.pixels, second_opinion) if region is Region.BANDS else ()
    lines = choose_lines(find_lines(page.pixels), region)
    images = [line.image for line in lines]
    if region is Region.BANDS_AGAIN:
        images = [for_second_opinion(image) for image in images]
    return _Look(sheet, barcodes, lines, tuple(images))


def _read(looks: Sequence[_Look]) -> Iterator[PageReading]:
    """The readings of all looks, with one start of the OCR engine."""
    strips = [_strip(look) for look in looks]
    images = [image for look, strip in zip(looks, strips, strict=True) for image in (*look.images, *strip)]
    words = iter(read_lines(images, timeout_s=SECONDS_TO_START + SECONDS_PER_LINE * len(images)))
    for look, strip in zip(looks, strips, strict=True):
        lines = [next(words) for _ in look.images]
        yield _reading(look, lines, [next(words) for _ in strip])


def _strip(look: _Look) -> tuple[Pixels, ...]:
    """The sender's line to read with a first look."""
    strip = look.sheet.page.sender_strip
    return (strip,) if strip is not None and look.sheet.ask.region is Region.BANDS else ()


def _reading(look: _Look, words: Sequence[Sequence[Word]], strip: Sequence[Sequence[Word]]) -> PageReading:
    ask, page = look.sheet.ask, look.sheet.page
    scale = SECOND_SCALE if ask.region is Region.BANDS_AGAIN else 1.0
    lines = [as_line(line, found, scale=scale) for line, found in zip(look.lines, words, strict=True) if found]
    sender = [Line(tuple(found)) for found in strip if is_sender_line(found)]
    top = [Line(tuple(found)) for found in strip if found and not is_sender_line(found)]
    if not sender and lines and page.rotation == 0 and is_sender_line(lines[0].words):
        sender = [lines.pop(0)]
    return PageReading(
        number=ask.number,
        width=page.pixels.shape[1],
        height=page.pixels.shape[0],
        rotation=page.rotation,
        skew=page.skew,
        ink=page.ink,
        is_blank=page.is_blank,
        is_separator=is_separator(look.barcodes, _texts(lines)),
        damage=look.sheet.damage,
        barcodes=look.barcodes,
        text=(TextReading(ask.region, (*top, *lines)),),
        sender_line=sender[0] if sender else None,
        look=page.look,
    )


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]
