"""The pages of a PDF, moved as they are, with nothing that acts: no scripts, links, attachments, forms."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf

from worker.filing.copy import CannotCopyError, ChosenPage, CopyMethod

#: What a page keeps. All else (actions, threads, thumbnails, private data, associated files) stays behind.
KEPT = frozenset(
    {
        "/Type", "/Parent", "/Resources", "/Contents", "/Group", "/Rotate", "/UserUnit",
        "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
    }
)  # fmt: skip
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OSError)


class PdfPages:
    """An open PDF whose chosen pages can be moved to another."""

    def __init__(self, path: Path, chosen: Sequence[ChosenPage]) -> None:
        self._path = path
        self._chosen = chosen

    def __enter__(self) -> Self:
        try:
            self._pdf = pikepdf.open(self._path)
        except BROKEN as error:
            raise CannotCopyError("not a PDF that can be opened") from error
        with contextlib.suppress(*BROKEN):  # notes that cannot be drawn are not worth the pages
            self._draw_annotations()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pdf.close()

    def move(self, target: pikepdf.Pdf, page: ChosenPage) -> CopyMethod:
        """Append the page to `target`, turned by its rotation on top of its own. Raises CannotCopyError."""
        before = len(target.pages)
        try:
            target.pages.append(self._pdf.pages[page.number - 1])
            moved = target.pages[-1]
            for name in moved.obj.keys() - KEPT:
                del moved.obj[name]
            moved.obj.Rotate = (_own_rotation(moved) + page.rotation) % 360
        except BROKEN as error:
            del target.pages[before:]
            raise CannotCopyError(f"page {page.number} cannot be moved") from error
        return CopyMethod.COPIED

    def finish(self, target: pikepdf.Pdf) -> None:
        """After the last page: hidden layers stay hidden, and pictures of other pages stay behind.

        Pages often share one list of all the document's pictures: without this a request would get the
        pictures of other members' pages, invisible but there.
        """
        layers = self._pdf.Root.get("/OCProperties")
        if layers is not None:
            target.Root.OCProperties = target.copy_foreign(self._indirect(layers))
        target.remove_unreferenced_resources()

    def _draw_annotations(self) -> None:
        """Make stamps, notes and filled form fields part of the page: they can be all that it says."""
        pages = (self._pdf.pages[page.number - 1] for page in self._chosen if page.number <= len(self._pdf.pages))
        if any("/Annots" in page.obj for page in pages):
            if self._pdf.Root.get("/AcroForm") is not None:
                self._pdf.generate_appearance_streams()
            self._pdf.flatten_annotations("screen")

    def _indirect(self, thing: pikepdf.Object) -> pikepdf.Object:
        return thing if thing.is_indirect else self._pdf.make_indirect(thing)


def _own_rotation(page: pikepdf.Page) -> int:
    """The page's /Rotate, also where it is no multiple of 90 or inherited."""
    own = page.obj.get("/Rotate", 0)
    return round(float(own) / 90) * 90 % 360
