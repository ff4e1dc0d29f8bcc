"""Opens a TIFF, PDF, PNG or JPEG as numbered pages that do not depend on each other."""

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from worker.domain.document import DocumentKind
from worker.errors import BadPageError
from worker.ocr.images import PageImage
from worker.ocr.kinds import sniff
from worker.ocr.limits import DEFAULT_LIMITS, Limits
from worker.ocr.pdf import PdfPages
from worker.ocr.picture import PicturePages
from worker.ocr.tiff import TiffPages


class Pages(Protocol):
    """What each kind of file provides."""

    @property
    def count(self) -> int:
        """How many pages can be asked for."""
        ...

    @property
    def damage(self) -> tuple[str, ...]:
        """What is wrong with the file as a whole: pages that are missing, a repaired structure."""
        ...

    def read(self, number: int) -> PageImage:
        """The page of this number, from 1. Raises BadPageError."""
        ...

    def close(self) -> None:
        """Lets the file go."""
        ...


class Document:
    """An open document; a context manager. Opening decodes nothing, so many workers may open one file.

    `damage` has one sentence for each defect of the file as a whole. It is not repeated on the pages.
    """

    def __init__(self, kind: DocumentKind, pages: Pages) -> None:
        self.kind = kind
        self._pages = pages

    @property
    def page_count(self) -> int:
        """How many pages the file has, those included that cannot be decoded."""
        return self._pages.count

    @property
    def damage(self) -> tuple[str, ...]:
        """What is wrong with the file as a whole, one sentence each; empty for a sound file."""
        return self._pages.damage

    def page(self, number: int) -> PageImage:
        """The page of this number (from 1) as grey pixels. Raises BadPageError when it cannot be decoded."""
        if not 1 <= number <= self.page_count:
            raise BadPageError(number, f"the document has {self.page_count} pages")
        return self._pages.read(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()


def open_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Opens the file at `path`. Raises BadDocumentError with a clerk's sentence, or OSError."""
    kind = sniff(path)
    match kind:
        case DocumentKind.TIFF:
            return Document(kind, TiffPages(path, limits))
        case DocumentKind.PDF:
            return Document(kind, PdfPages(path, limits))
        case DocumentKind.PNG | DocumentKind.JPEG:
            return Document(kind, PicturePages(path, kind, limits))
