"""Pages of a PDF: the scanned image itself where a page is exactly that, else a rendering."""

from pathlib import Path
from typing import BinaryIO

import pikepdf

from worker.errors import BadDocumentError, BadPageError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.pdf_render import render
from worker.ocr.pdf_scan import find_scan, take_scan

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
        if image is not None:
            return image
        try:
            return render(self._pdf, self._path, number, self._limits, is_repaired=bool(self.damage))
        except PDF_ERRORS as error:
            raise BadPageError(number, "the PDF is damaged here: ask for it to be sent again") from error


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
