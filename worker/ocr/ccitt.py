"""Decodes fax compression (G3 1-D and 2-D, G4) and says honestly what of it was damaged.

Fax data that is damaged or cut short raises no exception anywhere; libtiff only writes to file descriptor 2, and
Pillow even silences its warnings. OpenCV's libtiff keeps them. Each page is wrapped into a TIFF of its own in
memory, so that neither the file's other pages nor a false header can do harm.
"""

import re
import struct
from dataclasses import dataclass, replace
from itertools import accumulate

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.ocr.fd2 import overhear_fd2
from worker.ocr.images import Pixels

Flags = NDArray[np.bool_]

G3, G4, RLE = 3, 4, 2
_MESSAGE = re.compile(
    r"(Premature EOF|Bad code word|Uncompressed data|Premature EOL|Line length mismatch)[^\n]*?"
    r"at line (\d+) of strip (\d+)"
)
EMPTY = b"\0"
#: So many damaged rows up to the end of a strip are rows that never came.
FEWEST_LOST = 4
_CUT_OFF = "Premature EOF"
_LONG, _SHORT = 4, 3


@dataclass(frozen=True, slots=True)
class FaxData:
    """The compressed strips of one bitonal page and what is needed to decode them.

    `compression` is TIFF's number: 2 (rows without end marks), 3 (G3) or 4 (G4); `options` is T4Options.
    """

    width: int
    height: int
    strips: tuple[bytes, ...]
    rows_per_strip: int
    compression: int
    options: int = 0
    is_black_one: bool = True
    is_lsb_first: bool = False


def decode(data: FaxData) -> tuple[Pixels | None, tuple[str, ...]]:
    """The pixels (H, W), 0 or 255, and sentences about damage; no pixels when nothing could be decoded.

    Rows that are missing are white. Belongs into a child process: it redirects file descriptor 2.
    """
    if not any(data.strips):
        return None, ("its image data are missing",)
    data = replace(data, strips=_all_strips(data))
    with overhear_fd2() as overheard:
        decoded = cv2.imdecode(np.frombuffer(_wrap(data), np.uint8), cv2.IMREAD_GRAYSCALE)
    if decoded is None or decoded.shape != (data.height, data.width):
        return None, ("the fax data of this page cannot be decoded",)
    pixels = np.asarray(decoded, np.uint8)
    if not overheard.text:
        return pixels, ()
    bad, missing = _complaints(overheard.text, data)
    pixels[missing] = 255
    return pixels, _sentences(bad & ~missing, missing)


def _all_strips(data: FaxData) -> tuple[bytes, ...]:
    """As many strips as the height needs; a byte of zeros, which is no code word, stands for a missing one."""
    needed = -(-data.height // data.rows_per_strip)
    strips = [strip or EMPTY for strip in data.strips[:needed]]
    return (*strips, *[EMPTY] * (needed - len(strips)))


def _complaints(messages: str, data: FaxData) -> tuple[Flags, Flags]:
    """Which rows (H,) libtiff called damaged, and which it never got."""
    bad, missing = np.zeros(data.height, np.bool_), np.zeros(data.height, np.bool_)
    for what, line, strip in _MESSAGE.findall(messages):
        start = int(strip) * data.rows_per_strip
        row, end = start + int(line), min(start + data.rows_per_strip, data.height)
        if what == _CUT_OFF:
            missing[row:end] = True
        elif row < data.height:
            bad[row] = True
    for start in range(0, data.height, data.rows_per_strip):
        # Behind the end of G3 data libtiff calls each row damaged, down to the last one of the strip.
        rows = slice(start, min(start + data.rows_per_strip, data.height))
        lost = bad[rows] | missing[rows]
        tail = int(np.argmin(lost[::-1])) if not lost.all() else len(lost)
        if tail >= FEWEST_LOST:
            missing[rows.stop - tail : rows.stop] = True
    return bad, missing


def _sentences(bad: Flags, missing: Flags) -> tuple[str, ...]:
    sentences = []
    if missing.any():
        sentences.append(f"about {int(missing.sum())} of {len(missing)} lines are missing")
    if bad.any():
        first = int(np.argmax(bad)) + 1
        sentences.append(f"{int(bad.sum())} of {len(bad)} lines arrived damaged, the first is line {first}")
    return tuple(sentences)


def _wrap(data: FaxData) -> bytes:
    """A little-endian TIFF with this one page."""
    tags = [
        (256, _LONG, data.width), (257, _LONG, data.height), (258, _SHORT, 1), (259, _SHORT, data.compression),
        (262, _SHORT, 0 if data.is_black_one else 1), (266, _SHORT, 2 if data.is_lsb_first else 1),
        (273, _LONG, None), (277, _SHORT, 1), (278, _LONG, min(data.rows_per_strip, data.height)),
        (279, _LONG, None), (293 if data.compression == G4 else 292, _LONG, data.options),
    ]  # fmt: skip
    sizes = [len(strip) for strip in data.strips]
    table_at = 8 + 2 + 12 * len(tags) + 4
    data_at = table_at + 8 * len(sizes)
    offsets = [data_at + before for before in accumulate(sizes[:-1], initial=0)]
    tables = {273: (offsets, table_at), 279: (sizes, table_at + 4 * len(sizes))}
    out = [struct.pack("<2sHIH", b"II", 42, 8, len(tags))]
    for tag, kind, value in tags:
        values, at = tables[tag] if value is None else ([value], 0)
        # A table of one value stands in the entry itself.
        out.append(struct.pack("<HHII", tag, kind, len(values), at if len(values) > 1 else values[0]))
    out.append(struct.pack(f"<I{2 * len(sizes)}I", 0, *offsets, *sizes))
    return b"".join((*out, *data.strips))
