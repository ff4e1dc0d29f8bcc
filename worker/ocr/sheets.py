"""A page on the desk: cleaned, turned, its barcodes found and the lines to read cut out."""

from dataclasses import dataclass, replace

import numpy as np

from worker.domain.reading import Barcode, PageReading, Region
from worker.errors import BadPageError
from worker.ocr.asks import PageAsk, undecodable
from worker.ocr.barcodes import find_barcodes
from worker.ocr.cleanup import CleanPage, clean
from worker.ocr.images import Pixels
from worker.ocr.lines import TextLine, find_lines
from worker.ocr.open_document import Document
from worker.ocr.text_lines import choose_lines, for_engine
from worker.ocr.turn import turned
from worker.ocr.zbar import second_opinion


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page ready to be read: all its lines, those of the region that is asked for with an image of each.

    `scales` says by how much each image is larger than the line on the page.
    """

    ask: PageAsk
    page: CleanPage
    damage: tuple[str, ...]
    barcodes: tuple[Barcode, ...] = ()
    found: tuple[TextLine, ...] = ()
    lines: tuple[TextLine, ...] = ()
    images: tuple[Pixels, ...] = ()
    scales: tuple[float, ...] = ()

    @property
    def empty_regions(self) -> tuple[Region, ...]:
        """The regions beyond the first look that hold no line."""
        further = (Region.WIDER, Region.FULL, Region.PROSE)
        return tuple(region for region in further if not choose_lines(self.found, region))

    def asked(self, ask: PageAsk) -> "Sheet":
        """The same sheet with the lines of another region."""
        lines = choose_lines(self.found, ask.region)
        prepared = [for_engine(line.image, ask.region) for line in lines]
        images, scales = tuple(image for image, _ in prepared), tuple(scale for _, scale in prepared)
        return replace(self, ask=ask, lines=lines, images=images, scales=scales)

    def put_by(self) -> "Sheet":
        """What further regions need: the lines that were found. In place of the page is a white one, of one byte."""
        white: Pixels = np.broadcast_to(np.uint8(255), self.page.pixels.shape)
        return replace(self, page=replace(self.page, pixels=white, sender_strip=None), lines=(), images=(), scales=())


def open_sheet(document: Document, ask: PageAsk) -> Sheet | PageReading:
    """The page on the desk; a reading that says why where it cannot be decoded."""
    try:
        image = document.page(ask.number)
    except BadPageError as error:
        return undecodable(ask, error.reason)
    page = clean(image)
    return lay_out(ask, page if ask.rotation is None else turned(page, to=ask.rotation), image.damage)


def lay_out(ask: PageAsk, page: CleanPage, damage: tuple[str, ...]) -> Sheet:
    """Finds what is to be read on a cleaned page."""
    if page.is_blank:
        return Sheet(ask, page, damage)
    barcodes = find_barcodes(page.pixels, second_opinion) if ask.is_first_look else ()
    return Sheet(ask, page, damage, barcodes, find_lines(page.pixels)).asked(ask)


def turned_over(sheet: Sheet) -> Sheet:
    """The sheet with the page on its head."""
    return lay_out(sheet.ask, turned(sheet.page, to=sheet.page.rotation + 180), sheet.damage)
