"""`pigeonhole explain --picture`: the page as a person would hold it, what was found on it, and what that weighs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from worker.domain.decision import Decision
from worker.domain.picture import Pose, pose_of
from worker.domain.reading import Box, PageReading, TextReading
from worker.errors import BadDocumentError
from worker.explaining.account import account_of
from worker.explaining.heading import Heading
from worker.explaining.paint import measure, paint
from worker.explaining.sheet import PageSize, lay_out
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.ocr.plain_page import plain_picture
from worker.pipeline.give_out import Shelf
from worker.storage.whole import write_whole
from worker.wiring import page_reader

SUFFIX = ".png"


@dataclass(frozen=True, slots=True)
class Explained:
    """A document with what was read on its pages and what was decided about them, by page number."""

    source: str
    sha256: str
    readings: dict[int, PageReading]
    decisions: dict[int, Decision]


def check_target(target: Path | None) -> Path | None:
    """A folder, or a file that is to be a PNG. Raises typer.BadParameter before anything is done."""
    if target is not None and not target.is_dir() and target.suffix.lower() != SUFFIX:
        raise typer.BadParameter(f"{target} is no folder and does not end in {SUFFIX}")
    return target


def picture_files(target: Path, document: Explained, numbers: Sequence[int]) -> dict[int, Path]:
    """The file of each page: the one that was named for a single page, else with the page's number behind a dash."""
    if target.is_dir():
        target /= f"{Path(document.source).stem}{SUFFIX}"
    elif len(numbers) == 1:
        return {numbers[0]: target}
    digits = len(str(len(document.readings)))
    return {number: target.with_name(f"{target.stem}-{number:0{digits}}{target.suffix}") for number in numbers}


def draw_pictures(shelf: Shelf, document: Explained, numbers: Sequence[int], target: Path) -> Iterator[Path]:
    """Draws these pages; gives each file once it is written.

    Raises BadDocumentError for pages that are not decided, and where the original is gone; CannotWriteError.
    """
    for number in numbers:
        if number not in document.decisions:
            raise BadDocumentError(f"{document.source}, page {number} is not decided yet: run pigeonhole process again")
    files = picture_files(target, document, numbers)
    with page_reader(1, shelf.out) as reader, shelf.original(document.sha256) as original:
        for at in range(0, len(numbers), PAGES_PER_CHUNK):
            some = numbers[at : at + PAGES_PER_CHUNK]
            poses = [pose_of(document.readings[number]) for number in some]
            drawn = {page.number: page.page for page in reader.draw(original, poses, some)}
            for pose in poses:
                picture = drawn.get(pose.number) or plain_picture(pose.size, "Drawing this page failed.")
                write_whole(files[pose.number], _sheet(document, pose, picture), is_durable=False)
                yield files[pose.number]


def _sheet(document: Explained, pose: Pose, picture: bytes) -> bytes:
    reading, decision = document.readings[pose.number], document.decisions[pose.number]
    pages = len(document.readings)
    account = account_of(decision, reading.barcodes, pages)
    return paint(lay_out(Heading(document.source, pages, decision), account, _size(reading, pose), measure), picture)


def _size(reading: PageReading, pose: Pose) -> PageSize:
    """The size that the boxes are measured in, and where words stand."""
    width, height = (reading.width, reading.height) if reading.width and reading.height else pose.size
    return PageSize(width, height, tuple(_words(reading)))


def _words(reading: PageReading) -> Iterator[Box]:
    texts = [part for part in reading.text if isinstance(part, TextReading)]
    lines = [line for text in texts for line in text.lines] + ([reading.sender_line] if reading.sender_line else [])
    return (word.box for line in lines for word in line.words)
