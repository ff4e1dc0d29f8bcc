"""Which parts of a mail are the same fax: gateways send it as TIFF and as PDF.

Certainly the same: one name but for its suffix, or all that is in the mail with as many pages as the gateway announced;
and both whole, with the same number of pages. In doubt both are taken: the worker knows repeats by their pages.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image

from worker.domain.document import DocumentKind
from worker.intake.mail_message import Part
from worker.intake.watch_rules import Wholeness
from worker.intake.whole_file import look_whole

#: Seconds to count the pages of a PDF.
COUNT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """A part with its pages, None where they cannot be counted or the file is not whole."""

    part: Part
    pages: int | None


def same_faxes(renderings: Sequence[Rendering], announced: int | None) -> Mapping[int, Part]:
    """Number of a PDF part -> the TIFF part that holds the same fax."""
    tiffs = [r for r in renderings if r.part.kind is DocumentKind.TIFF and r.pages]
    pdfs = [r for r in renderings if r.part.kind is DocumentKind.PDF and r.pages]
    is_alone = len(tiffs) == len(pdfs) == 1 and len(renderings) == 2
    same: dict[int, Part] = {}
    for pdf in pdfs:
        for tiff in tiffs:
            is_announced = is_alone and tiff.pages == announced
            if tiff.pages == pdf.pages and tiff.part not in same.values() and (
                is_announced or (_stem(tiff.part) and _stem(tiff.part) == _stem(pdf.part))
            ):  # fmt: skip
                same[pdf.part.number] = tiff.part
                break
    return same


def count_pages(part: Part, path: Path) -> int | None:
    """The pages of a whole TIFF or PDF at `path`; None for others, and where they cannot be counted."""
    if part.kind not in (DocumentKind.TIFF, DocumentKind.PDF) or look_whole(path) is not Wholeness.WHOLE:
        return None
    return _tiff_pages(path) if part.kind is DocumentKind.TIFF else _pdf_pages(path)


def _stem(part: Part) -> str:
    return PurePosixPath(part.name).stem.casefold()


def _tiff_pages(path: Path) -> int | None:
    """Walks the directories; no page is decoded."""
    try:
        with Image.open(path, formats=("TIFF",)) as image:
            return int(getattr(image, "n_frames", 1))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, Image.DecompressionBombError):
        return None


def _pdf_pages(path: Path) -> int | None:
    """Asks Poppler, in a process of its own: a stranger's file must not take the door with it."""
    try:
        told = subprocess.run(
            ["pdfinfo", str(path)], capture_output=True, timeout=COUNT_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(rb"^Pages:\s+(\d+)", told.stdout, re.MULTILINE)
    return int(found.group(1)) if found else None
