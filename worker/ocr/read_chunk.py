"""Reads some pages of one document: decode, clean, barcodes, lines, words. Runs in a child process.

Everything native happens here, so that a crash or a hang costs these pages and not the run. Each page's failure is
its own: it comes back as a reading that says why, never as an empty page.
"""

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from worker.domain.document import DocumentKind
from worker.domain.reading import Line, PageReading, TextReading
from worker.ocr.engine_round import ReadSheet, read_sheets
from worker.ocr.engines import Engine
from worker.ocr.memory import hold_memory
from worker.ocr.open_document import open_document
from worker.ocr.page_picture import CropPicture, Drawn, DrawPages, crop_picture, draw_pages
from worker.ocr.put_by import PutBy
from worker.ocr.sender import is_sender_line
from worker.ocr.separators import is_separator
from worker.ocr.sheets import PageAsk, Sheet, open_sheet
from worker.ocr.text_lines import as_line
from worker.ocr.upright import upright_box


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Some pages of the file at `path`; `work_folder` is private and takes the images that the engine reads."""

    path: Path
    asks: tuple[PageAsk, ...]
    work_folder: Path
    engine: Engine = Engine.PROGRAM


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


def prepare_process() -> None:
    """Run once in each child: one thread each for OpenCV and Tesseract, since pages are spread over processes."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    hold_memory()


Ask = Inspect | ReadChunk | DrawPages | CropPicture
Answer = FileFacts | tuple[PageReading, ...] | tuple[Drawn, ...] | bytes


def answer(task: Ask) -> Answer:
    """The one function that reader processes run."""
    match task:
        case Inspect():
            with open_document(task.path) as document:
                return FileFacts(document.kind, document.page_count, document.damage)
        case ReadChunk():
            return read_chunk(task)
        case DrawPages():
            return draw_pages(task)
        case CropPicture():
            return crop_picture(task)


#: Of this process.
_PUT_BY = PutBy()


def read_chunk(chunk: ReadChunk) -> tuple[PageReading, ...]:
    """One reading for each ask, in order. A first look (BANDS) is complete; later ones hold only their text."""
    tempfile.tempdir = str(chunk.work_folder)
    opened = _open(chunk)
    read = read_sheets([sheet for sheet in opened if isinstance(sheet, Sheet)], chunk.engine)
    for one in read:
        _PUT_BY.keep(chunk.path, one.sheet)
    each = iter(read)
    return tuple(_reading(next(each)) if isinstance(sheet, Sheet) else sheet for sheet in opened)


def _open(chunk: ReadChunk) -> list[Sheet | PageReading]:
    known = [_PUT_BY.take(chunk.path, ask) for ask in chunk.asks]
    if all(known):
        return [sheet for sheet in known if sheet]
    with open_document(chunk.path) as document:
        return [sheet or open_sheet(document, ask) for sheet, ask in zip(known, chunk.asks, strict=True)]


def _reading(read: ReadSheet) -> PageReading:
    sheet, page, ask = read.sheet, read.sheet.page, read.sheet.ask
    lines, sender = _lines(read), _sender(read)
    if ask.is_first_look and not sender and lines and page.rotation == 0 and is_sender_line(lines[0].words):
        sender = lines.pop(0)
    if read.strip and not is_sender_line(read.strip):
        lines.insert(0, Line(tuple(read.strip)))
    empty = sheet.empty_regions if ask.is_first_look and not page.is_blank else ()
    return PageReading(
        number=ask.number,
        width=page.pixels.shape[1],
        height=page.pixels.shape[0],
        rotation=page.rotation,
        skew=page.skew,
        ink=page.ink,
        is_blank=page.is_blank,
        is_separator=is_separator(sheet.barcodes, [line.text for line in lines]),
        damage=sheet.damage,
        barcodes=sheet.barcodes,
        text=(TextReading(ask.region, tuple(lines), read.unread), *(TextReading(region, ()) for region in empty)),
        sender_line=sender,
        look=page.look,
    )


def _lines(read: ReadSheet) -> list[Line]:
    found = zip(read.sheet.lines, read.lines, read.sheet.scales, strict=True)
    return [as_line(line, words, scale=scale) for line, words, scale in found if words]


def _sender(read: ReadSheet) -> Line | None:
    """The strip was read as it was fed, whichever way the page below stands: its words are brought to the page."""
    if not read.strip or not is_sender_line(read.strip):
        return None
    page = read.sheet.page
    size = page.pixels.shape[1], page.pixels.shape[0]
    return Line(tuple(replace(w, box=upright_box(w.box, page.rotation, page.skew, size)) for w in read.strip))
