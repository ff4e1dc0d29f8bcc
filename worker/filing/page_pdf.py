"""The chosen pages of an original as one PDF, without coding page images anew.

Same original, same pages: the same bytes. No dates, no random ids.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pikepdf

from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError
from worker.filing.copy import CannotCopyError, ChosenPage, CopiedPage, CopyMethod
from worker.filing.fallback_page import add_missing_sheet, rendered_picture
from worker.filing.image_file import damaged_picture, embedded_picture
from worker.filing.pdf_pages import PdfPages
from worker.filing.picture import Picture, add_picture_page
from worker.filing.tiff_pages import TiffPages
from worker.storage.whole import new_whole_file

#: Appends one page to a PDF and says how faithful the copy is. Raises CannotCopyError.
Way = Callable[[pikepdf.Pdf, ChosenPage], CopyMethod]


def write_page_pdf(
    original: Path, kind: DocumentKind, chosen: Sequence[ChosenPage], target: Path, *, sha256: str
) -> tuple[CopiedPage, ...]:
    """Write the chosen pages, in that order, to `target`; whole or not at all.

    A page that cannot be copied is rendered, and one that cannot be rendered leaves a sheet that says so:
    the PDF always has a page for each chosen one. Raises CannotWriteError, and BadDocumentError when the
    original itself is gone: a sheet in its place would hide the loss.
    """
    if not original.is_file():
        raise BadDocumentError(f"the original {sha256[:16]} is gone from the store: restore it from a backup")
    with pikepdf.new() as pdf, ExitStack() as opened:
        ways, finish = _ways(original, kind, chosen, opened)
        copied = tuple(CopiedPage(page.number, _add(pdf, page, ways, sha256)) for page in chosen)
        finish(pdf)
        with new_whole_file(target) as stream:
            pdf.save(stream, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return copied


def _add(pdf: pikepdf.Pdf, page: ChosenPage, ways: Sequence[Way], sha256: str) -> CopyMethod:
    for way in ways:
        try:
            return way(pdf, page)
        except CannotCopyError:
            continue
    add_missing_sheet(pdf, page.number, sha256)
    return CopyMethod.MISSING


def _ways(
    original: Path, kind: DocumentKind, chosen: Sequence[ChosenPage], opened: ExitStack
) -> tuple[list[Way], Callable[[pikepdf.Pdf], None]]:
    """The ways to copy a page of this original, best first, and what is to be done after the last page."""
    try:
        match kind:
            case DocumentKind.TIFF:
                frames = opened.enter_context(TiffPages(original))
                return [_show(frames.picture)], _nothing
            case DocumentKind.PDF:
                pages = opened.enter_context(PdfPages(original, chosen))
                return [pages.move, _show(partial(rendered_picture, original))], pages.finish
            case DocumentKind.PNG | DocumentKind.JPEG:
                single = (partial(embedded_picture, original), partial(damaged_picture, original))
                return [_show(way) for way in single], _nothing
    except CannotCopyError:
        return [_show(partial(rendered_picture, original))] if kind is DocumentKind.PDF else [], _nothing


def _show(draw: Callable[[pikepdf.Pdf, int], Picture]) -> Way:
    """A way that draws a page as one picture."""

    def add(pdf: pikepdf.Pdf, page: ChosenPage) -> CopyMethod:
        picture = draw(pdf, page.number)
        add_picture_page(pdf, picture, page.rotation)
        return picture.method

    return add


def _nothing(pdf: pikepdf.Pdf) -> None:
    """Images leave nothing to do after the last page."""
