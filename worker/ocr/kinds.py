"""Tells what a file is by its first bytes, never by its name."""

from pathlib import Path

from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError

HEAD_BYTES = 1_024
ADVICE = "send TIFF, PDF, PNG or JPEG"

_TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
#: Starts of files that people send by mistake, and what a clerk calls them.
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file (Word, Excel or Outlook)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\x97JB2", "a JBIG2 picture"),
)


def sniff(path: Path) -> DocumentKind:
    """The kind of the file at `path`. Raises BadDocumentError with a sentence for a clerk, or OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise BadDocumentError("the file is empty: ask for it to be sent again")
    kind = _known(head)
    if kind is None:
        raise BadDocumentError(f"this is {_foreign(head)}; {ADVICE}")
    return kind


def _known(head: bytes) -> DocumentKind | None:
    if head.startswith(_TIFF_STARTS):
        return DocumentKind.TIFF
    if head.startswith(_PNG_START):
        return DocumentKind.PNG
    if head.startswith(_JPEG_START):
        return DocumentKind.JPEG
    # The PDF standard lets up to 1,024 bytes of rubbish stand before the header (ISO 32000-1, annex H.3.4.1).
    return DocumentKind.PDF if b"%PDF-" in head else None


def _foreign(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "a HEIC photo" if head[8:12] in _HEIF_BRANDS else "a video"
    if head.startswith(b"PK"):
        return _zipped(head)
    if head[:4] == b"RIFF":
        return "a WebP picture" if head[8:12] == b"WEBP" else "a sound or video file"
    for start, name in _FOREIGN:
        if head.startswith(start):
            return name
    if not any(head):
        return "a file of zeros, a copy that was never finished"
    return _text(head)


def _zipped(head: bytes) -> str:
    for mark, name in ((b"word/", "a Word document"), (b"xl/", "an Excel sheet"), (b"ppt/", "a PowerPoint file")):
        if mark in head:
            return name
    return "a Word, Excel or PowerPoint document" if b"[Content_Types].xml" in head else "a ZIP archive"


def _text(head: bytes) -> str:
    is_text = all(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
    if is_text and head.lstrip()[:5].lower() in (b"<!doc", b"<html"):
        return "a web page"
    if is_text:
        return "plain text, not an image"
    return "not a kind of file that holds pages"
