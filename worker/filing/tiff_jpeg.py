"""JPEG inside TIFF as one JPEG stream, without touching a coded bit.

A TIFF keeps the tables once (JPEGTables, TIFF Technical Note 2) and each strip as an abbreviated stream. A
strip starts its predictions anew, exactly as after a restart marker: so the strips become one stream with the
restart interval set to a strip's length (ITU-T T.81, B.2.4.4).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from worker.filing.copy import CannotCopyError

SOI, EOI, SOS, DRI = 0xD8, 0xD9, 0xDA, 0xDD
#: Baseline and extended sequential: one pass over the picture, which is all that restarts can join.
SEQUENTIAL_FRAMES = (0xC0, 0xC1)


@dataclass(frozen=True, slots=True)
class _Strip:
    """A strip's header segments (marker -> contents, in order) and its coded data."""

    segments: tuple[tuple[int, bytes], ...]
    coded: bytes

    def one(self, markers: Sequence[int]) -> bytes:
        """The contents of the only segment with one of these markers."""
        found = [contents for marker, contents in self.segments if marker in markers]
        if len(found) != 1:
            raise CannotCopyError("a JPEG strip of an unknown kind")
        return found[0]


def join_strips(tables: bytes, strips: Sequence[bytes], rows_per_strip: int, size: tuple[int, int]) -> bytes:
    """One JPEG file of `size` (width, height) pixels.

    `tables` is the JPEGTables tag (may be empty). Raises CannotCopyError for kinds of JPEG that cannot be
    joined bit for bit: progressive, several scans, restarts of their own, tables that change.
    """
    parsed = [_parse(strip) for strip in strips]
    header = _headers(parsed[0])
    if any(_headers(strip) != header for strip in parsed) or any(marker == DRI for marker, _ in header):
        raise CannotCopyError("the JPEG strips differ in their tables")
    frame_marker = next((marker for marker, _ in parsed[0].segments if marker in SEQUENTIAL_FRAMES), None)
    frame = parsed[0].one(SEQUENTIAL_FRAMES)
    out = bytearray(b"\xff\xd8" + tables[2:-2])
    out += b"".join(_segment(marker, contents) for marker, contents in header)
    if len(parsed) > 1:
        out += _segment(DRI, struct.pack(">H", _interval(frame, rows_per_strip, size[0])))
    out += _segment(frame_marker or SEQUENTIAL_FRAMES[0], frame[:1] + struct.pack(">H", size[1]) + frame[3:])
    out += _segment(SOS, parsed[0].one([SOS]))
    for index, strip in enumerate(parsed):
        out += (bytes([0xFF, 0xD0 + (index - 1) % 8]) if index else b"") + strip.coded
    return bytes(out + b"\xff\xd9")


def _headers(strip: _Strip) -> list[tuple[int, bytes]]:
    """What stands before the picture, without the frame (its height differs) and the scan."""
    return [item for item in strip.segments if item[0] not in (*SEQUENTIAL_FRAMES, SOS)]


def _segment(marker: int, contents: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(contents) + 2) + contents


def _interval(frame: bytes, rows: int, width: int) -> int:
    """Coded units per strip."""
    samplings = [frame[7 + 3 * index] for index in range(frame[5])]
    unit_width = 8 * max(sampling >> 4 for sampling in samplings) if len(samplings) > 1 else 8
    unit_height = 8 * max(sampling & 15 for sampling in samplings) if len(samplings) > 1 else 8
    interval = -(-width // unit_width) * (rows // unit_height)
    if rows % unit_height or not 0 < interval <= 0xFFFF:
        raise CannotCopyError("the JPEG strips do not end where coded units end")
    return interval


def _parse(strip: bytes) -> _Strip:
    if strip[:2] != bytes([0xFF, SOI]):
        raise CannotCopyError("a JPEG strip without its beginning")
    segments, at = [], 2
    while True:
        if at + 4 > len(strip) or strip[at] != 0xFF:
            raise CannotCopyError("a JPEG strip with a broken header")
        marker, length = strip[at + 1], struct.unpack_from(">H", strip, at + 2)[0]
        segments.append((marker, strip[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == SOS:
            break
    end = strip.rfind(bytes([0xFF, EOI]), at)
    return _Strip(tuple(segments), strip[at : end if end >= 0 else len(strip)])
