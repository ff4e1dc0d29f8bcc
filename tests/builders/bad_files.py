"""Files that a mailroom gets and nobody wants: damaged, hostile, or no scans at all. One function writes each."""

import random
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image

from tests.builders.scans import drawn_page, image_bytes, scanned_pdf


def encrypted_pdf(path: Path, *, user_password: str) -> Path:
    """A PDF that asks for a password, or, with an empty one, opens but may not be changed."""
    with pikepdf.open(scanned_pdf(path, [drawn_page("Secret", (850, 1100), "L")]), allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user=user_password))
    return path


def cut_off(path: Path, whole: Path, share: float) -> Path:
    """The first part of a file."""
    data = whole.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def with_noise(path: Path, whole: Path, *, first: float, last: float) -> Path:
    """A file in which every seventh byte between two shares of its length is inverted."""
    data = bytearray(whole.read_bytes())
    for at in range(round(len(data) * first), round(len(data) * last), 7):
        data[at] ^= 0xFF
    path.write_bytes(data)
    return path


def huge_tiff(path: Path, side: int = 100_000) -> Path:
    """A TIFF of a few bytes that says it has side x side pixels."""
    entries = ((256, 4, side), (257, 4, side), (258, 3, 1), (259, 3, 4), (262, 3, 0), (273, 4, 8), (278, 4, side),
               (279, 4, 4))  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", t, k, 1, v) for t, k, v in entries)
    path.write_bytes(b"II*\0" + struct.pack("<I", 12) + b"\0\0\0\0" + directory + struct.pack("<I", 0))
    return path


def huge_png(path: Path, side: int = 100_000) -> Path:
    """A PNG of a few bytes that says it has side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks))
    return path


def long_pdf(path: Path, pages: int) -> Path:
    """A PDF of so many empty pages."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    _write_pdf(path, [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 612 792] >>",
    ])  # fmt: skip
    return path


def deep_pdf(path: Path, levels: int) -> Path:
    """A PDF whose one page hangs below so many levels of its page tree."""
    tree = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] /Parent %d 0 R >>" % (n + 1, n - 1) for n in range(3, levels + 2)]
    _write_pdf(path, [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        *tree,
        b"<< /Type /Page /Parent %d 0 R /Resources << >> /MediaBox [0 0 612 792] >>" % (levels + 1),
    ])  # fmt: skip
    return path


def vast_pdf(path: Path, side: int = 14_400_000) -> Path:
    """A PDF whose page is kilometres wide."""
    _write_pdf(path, [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 %d %d] /Contents 4 0 R >>" % (side, side),
        b"<< /Length 30 >>\nstream\n0 0 1 rg 10 10 5000 5000 re f \nendstream",
    ])  # fmt: skip
    return path


def office_file(path: Path) -> Path:
    """What Word saves: a ZIP archive."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return path


def picture(path: Path, kind: str, page: Image.Image) -> Path:
    """A picture of this kind under any name."""
    path.write_bytes(image_bytes(page.convert("L"), kind))
    return path


def page_of_rubbish(path: Path, number: int) -> Path:
    """Puts rubbish in the place of the data of one page (from 1) of a TIFF."""
    data = bytearray(path.read_bytes())
    with Image.open(path) as image:
        image.seek(number - 1)
        tags = image.tag_v2  # type: ignore[attr-defined]  # Pillow's stubs give the base class of its TIFF images
        strips = list(zip(tags[273], tags[279], strict=True))
    for start, length in strips:
        data[start : start + length] = random.Random(start).randbytes(length)
    path.write_bytes(data)
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _write_pdf(path: Path, objects: Sequence[bytes]) -> None:
    """Objects numbered from 1, the first being the catalog, with a cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    path.write_bytes(out)
