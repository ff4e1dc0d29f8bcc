"""Pages of a PDF: the scanned image itself where a page is exactly that, else a rendering."""

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pikepdf

from worker.errors import BadDocumentError, BadPageError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.pdf_render import render
from worker.ocr.pdf_scan import find_scan, take_scan
from worker.ocr.resolution import trusted_dpi

WHITE = 255
#: PDF 1.7, annex C.2: the largest page side, in inches.
LONGEST_SIDE_IN = 200.0
#: What pikepdf raises on damaged objects.
PDF_ERRORS = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, ArithmeticError)


class PdfPages:
    """The pages of one PDF file. The structure is read on opening; images only when a page is asked for."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        # pikepdf cannot take a name that is not UTF-8, but it can take the open file.
        self._file = path.open("rb")
        try:
            self._pdf = _open(self._file)
            self.count = _count_pages(self._pdf, limits.max_pages)
        except BadDocumentError:
            self._file.close()
            raise
        is_repaired = bool(self._pdf.get_warnings())
        self.damage = ("the PDF is damaged and was repaired: pages may be missing",) if is_repaired else ()

    def close(self) -> None:
        """Lets the file go."""
        self._pdf.close()
        self._file.close()

    def read(self, number: int) -> PageImage:
        """The image of one page. Raises BadPageError when it can neither be taken out nor rendered."""
        try:
            page = self._pdf.pages[number - 1]
            scan = find_scan(page, self._limits)
            image = take_scan(scan) if scan else None
        except PDF_ERRORS:
            image = None
        return _on_paper(image if image is not None else self._render(number))

    def _render(self, number: int) -> PageImage:
        try:
            image = render(self._pdf, self._path, number, self._limits, is_repaired=bool(self.damage))
        except PDF_ERRORS as error:
            raise BadPageError(number, "the PDF is damaged here: ask for it to be sent again") from error
        if self.damage and image.pixels.min() == WHITE:  # Poppler leaves out what it cannot find, without a word
            return replace(image, damage=(*image.damage, "the PDF is damaged, and this page shows nothing"))
        return image


def _on_paper(image: PageImage) -> PageImage:
    """A page box may be kilometres wide: its resolution is guessed anew, and what was drawn may be too small to see."""
    high, wide = image.pixels.shape
    inches = max(wide / image.dpi[0], high / image.dpi[1])
    if inches <= LONGEST_SIDE_IN:
        return image
    damage = f"the page claims to be {inches:,.0f} inches long: its print may be too small to read"
    return replace(image, dpi=trusted_dpi(image.pixels, (0.0, 0.0)), damage=(*image.damage, damage))


def _open(file: BinaryIO) -> pikepdf.Pdf:
    try:
        return pikepdf.open(file)
    except pikepdf.PasswordError as error:
        raise BadDocumentError("the PDF is locked with a password: send it without one") from error
    except PDF_ERRORS as error:
        raise BadDocumentError("the PDF is damaged beyond repair: ask for it to be sent again") from error


def _count_pages(pdf: pikepdf.Pdf, most: int) -> int:
    try:
        count = len(pdf.pages)
    except PDF_ERRORS as error:
        raise BadDocumentError("the PDF's list of pages is damaged: ask for it to be sent again") from error
    if count == 0:
        raise BadDocumentError("the PDF has no pages: ask for it to be sent again")
    if count > most:
        raise BadDocumentError(f"it has {count:,} pages, more than {most:,}: split it and send the parts")
    return count
