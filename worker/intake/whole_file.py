"""Whether a file ends where its own structure says: a cheap look that tells a finished scan from half of one.

Only the skeleton is read, never a picture: the chain of a TIFF's directories, a PDF's tail, the chunks of a PNG, the
end of a JPEG. It does not say that the pages can be decoded; the worker finds that out.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO

from worker.intake.watch_rules import Wholeness
from worker.intake.whole_file_tiff import is_whole_tiff

_HEAD = 1_024
#: Viewers accept %%EOF within the last 1,024 bytes (ISO 32000-1, annex H.3.4.4); scanners pad with more zeros.
_PDF_TAIL = 4_096
_JPEG_TAIL = 1_024
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PNG_START = b"\x89PNG\r\n\x1a\n"
#: A scan in PNG has one IDAT per few KB; more chunks than this are not worth walking.
_MOST_CHUNKS = 1_000_000


def look_whole(path: Path) -> Wholeness:
    """Whether the file at `path` is whole; UNKNOWN for other kinds, and when it cannot be read just now."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _of(file, file.read(_HEAD), size)
    except OSError:
        return Wholeness.UNKNOWN


def _of(file: BinaryIO, head: bytes, size: int) -> Wholeness:
    if head.startswith(_TIFF_STARTS):
        is_whole = is_whole_tiff(file, size)
    elif head.startswith(_PNG_START):
        is_whole = _is_whole_png(file, size)
    elif head.startswith(b"\xff\xd8\xff"):
        is_whole = b"\xff\xd9" in _tail(file, size, _JPEG_TAIL)
    elif b"%PDF-" in head:
        tail = _tail(file, size, _PDF_TAIL)
        is_whole = b"startxref" in tail and b"%%EOF" in tail[tail.rfind(b"startxref") :]
    else:
        return Wholeness.UNKNOWN
    return Wholeness.WHOLE if is_whole else Wholeness.BROKEN


def _tail(file: BinaryIO, size: int, count: int) -> bytes:
    file.seek(max(0, size - count))
    return file.read(count)


def _is_whole_png(file: BinaryIO, size: int) -> bool:
    """Every chunk lies within the file, and the last one is IEND."""
    at = len(_PNG_START)
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return False
        length, name = struct.unpack(">I4s", header)
        at += 12 + length
        if at > size:
            return False
        if name == b"IEND":
            return True
    return False
