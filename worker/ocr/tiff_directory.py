"""Reads the directories of a TIFF file (page count and tags) without decoding an image.

Pillow loses all pages behind the first damaged directory and reads them one after the other; this reads the chain
of TIFF 6.0 (and BigTIFF) up to the damage, so that every page before it is still found.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

#: A strip table longer than this is not a page that we would decode.
MOST_VALUES = 200_000
MOST_ENTRIES = 4_096


class Tag(IntEnum):
    """The tags that matter to a mailroom (TIFF 6.0, RFC 2306 for those of fax)."""

    WIDTH = 256
    HEIGHT = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    FILL_ORDER = 266
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    SAMPLES = 277
    ROWS_PER_STRIP = 278
    STRIP_BYTES = 279
    X_RESOLUTION = 282
    Y_RESOLUTION = 283
    T4_OPTIONS = 292
    RESOLUTION_UNIT = 296
    TILE_WIDTH = 322
    BAD_FAX_LINES = 326


_WANTED = frozenset(int(tag) for tag in Tag)
#: struct letter of each field type; rationals are read as two longs.
_FIELD_TYPES = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i", 10: "ii", 16: "Q", 17: "q"}


@dataclass(frozen=True, slots=True)
class Directory:
    """One page's tags. Rationals are two numbers; missing tags are absent."""

    offset: int
    tags: Mapping[int, tuple[int, ...]]

    def get(self, tag: Tag, default: int = 0) -> int:
        """The first value of a tag."""
        values = self.tags.get(tag, ())
        return values[0] if values else default

    def ratio(self, tag: Tag) -> float:
        """A rational tag as a number; 0 when it is missing or not a number."""
        values = self.tags.get(tag, ())
        return values[0] / values[1] if len(values) == 2 and values[1] else 0.0


@dataclass(frozen=True, slots=True)
class Chain:
    """All directories that could be read. `damage` says what is missing behind them, empty when nothing is."""

    directories: tuple[Directory, ...]
    damage: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte order and field sizes: classic TIFF or BigTIFF."""

    order: str
    is_big: bool
    first: int

    @property
    def entry_bytes(self) -> int:
        return 20 if self.is_big else 12

    @property
    def inline_bytes(self) -> int:
        return 8 if self.is_big else 4

    def unpack(self, letters: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + letters, data)


def read_chain(file: BinaryIO, most: int) -> Chain:
    """Walks the directories, at most `most` + 1 of them; stops at a loop, at the end of the file or at rubbish."""
    layout = _layout(file)
    found: list[Directory] = []
    seen: set[int] = set()
    offset = layout.first if layout else 0
    while layout and offset and len(found) <= most:
        if offset in seen:
            return Chain(tuple(found), f"the list of pages runs in a circle after page {len(found)}")
        seen.add(offset)
        step = _directory(file, layout, offset)
        if step is None:
            return Chain(tuple(found), _cut_after(len(found)))
        found.append(step[0])
        offset = step[1]
    return Chain(tuple(found), "" if found else "the file holds no page")


def _cut_after(pages: int) -> str:
    if not pages:
        return "the file is cut off or damaged before its first page"
    return f"the file is cut off or damaged after page {pages}: at least one page is missing"


def _layout(file: BinaryIO) -> _Layout | None:
    file.seek(0)
    head = file.read(16).ljust(16, b"\0")
    order = "<" if head[:2] == b"II" else ">"
    (version,) = struct.unpack(order + "H", head[2:4])
    if version == 43:
        return _Layout(order, True, struct.unpack(order + "Q", head[8:16])[0])
    return _Layout(order, False, struct.unpack(order + "I", head[4:8])[0])


def _directory(file: BinaryIO, layout: _Layout, offset: int) -> tuple[Directory, int] | None:
    """The directory at `offset` and where the next one stands (0: nowhere); None when it cannot be read."""
    count_letter, count_bytes = ("Q", 8) if layout.is_big else ("H", 2)
    file.seek(offset)
    head = file.read(count_bytes)
    if len(head) < count_bytes:
        return None
    (count,) = layout.unpack(count_letter, head)
    if not 0 < count <= MOST_ENTRIES:
        return None
    entries = file.read(count * layout.entry_bytes)
    if len(entries) < count * layout.entry_bytes:
        return None
    following = file.read(layout.inline_bytes)
    tags = _tags(file, layout, entries)
    if Tag.WIDTH not in tags or Tag.HEIGHT not in tags:
        return None
    is_whole = len(following) == layout.inline_bytes
    return Directory(offset, tags), layout.unpack("Q" if layout.is_big else "I", following)[0] if is_whole else 0


def _tags(file: BinaryIO, layout: _Layout, entries: bytes) -> dict[int, tuple[int, ...]]:
    tags: dict[int, tuple[int, ...]] = {}
    for at in range(0, len(entries), layout.entry_bytes):
        entry = entries[at : at + layout.entry_bytes]
        (tag,) = layout.unpack("H", entry[:2])
        values = _values(file, layout, entry) if tag in _WANTED else ()
        if values:
            tags[tag] = values
    return tags


def _values(file: BinaryIO, layout: _Layout, entry: bytes) -> tuple[int, ...]:
    (field_type,) = layout.unpack("H", entry[2:4])
    (count,) = layout.unpack("Q" if layout.is_big else "I", entry[4 : 4 + layout.inline_bytes])
    letters = _FIELD_TYPES.get(field_type)
    if letters is None or not 0 < count <= MOST_VALUES:
        return ()
    letters *= count
    size = struct.calcsize("=" + letters)
    value = entry[4 + layout.inline_bytes :]
    if size > layout.inline_bytes:
        file.seek(layout.unpack("Q" if layout.is_big else "I", value)[0])
        value = file.read(size)
    return layout.unpack(letters, value[:size]) if len(value) >= size else ()
