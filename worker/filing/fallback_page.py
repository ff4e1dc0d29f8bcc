"""When a page cannot be copied as it is: a picture of it, or else a sheet that says where the original is."""

import subprocess
from pathlib import Path

import pikepdf
from pdf2image import convert_from_path, exceptions

from worker.filing.copy import CannotCopyError, CopyMethod
from worker.filing.picture import Picture, png_stream

#: Pixels along the longer side: 200 dpi on Letter.
RENDERED_SIDE = 2_200
#: Seconds for one page.
RENDER_TIMEOUT = 60
LETTER = (612.0, 792.0)
FAILURES = (
    exceptions.PDFPopplerTimeoutError,
    exceptions.PDFInfoNotInstalledError,
    exceptions.PDFPageCountError,
    exceptions.PDFSyntaxError,
    subprocess.SubprocessError,
    OSError,
)


def rendered_picture(original: Path, pdf: pikepdf.Pdf, number: int) -> Picture:
    """A picture of one page of a PDF, as a viewer shows it. Raises CannotCopyError."""
    try:
        images = convert_from_path(
            original, first_page=number, last_page=number, size=RENDERED_SIDE, timeout=RENDER_TIMEOUT
        )
    except FAILURES as error:
        raise CannotCopyError(f"page {number} cannot be rendered") from error
    if not images:
        raise CannotCopyError(f"page {number} cannot be rendered")
    image = images[0]
    dpi = RENDERED_SIDE / 11
    return Picture(png_stream(pdf, image), image.width, image.height, (dpi, dpi), False, CopyMethod.RENDERED)


def add_missing_sheet(pdf: pikepdf.Pdf, number: int, sha256: str) -> None:
    """Append a sheet in the place of a page that could not be copied, so that nobody thinks it was not there."""
    lines = (
        f"Page {number} of this document could not be copied.",
        "The original is kept. Its SHA-256 is",
        sha256,
    )
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    page = pdf.add_blank_page(page_size=LETTER)
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(f"BT /F1 11 Tf 16 TL 72 700 Td {shown} ET".encode("ascii"))
