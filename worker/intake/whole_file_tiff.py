"""Whether a TIFF is all there: its directories, and the strips or tiles they point to, lie within the file.

Written here and not taken from ocr: the doors and the readers do not import each other, and a door needs the extent
of the data, not its tags.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325
_TABLES = ((_STRIP_OFFSETS, _STRIP_BYTES), (_TILE_OFFSETS, _TILE_BYTES))
#: Bytes of a value of each field type (TIFF 6.0, BigTIFF).
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_LETTERS = {3: "H", 4: "I", 16: "Q"}
_MOST_PAGES = 100_000
_MOST_ENTRIES = 4_096
_MOST_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Form:
    """Byte order, and the struct letter and size of counts and offsets: classic TIFF 6.0 or BigTIFF."""

    order: str
    is_big: bool

    @property
    def letter(self) -> str:
        return "Q" if self.is_big else "I"

    @property
    def word(self) -> int:
        return 8 if self.is_big else 4


def is_whole_tiff(file: BinaryIO, size: int) -> bool:
    """Walks the chain of pages to its end. False where anything points behind the file's `size` (bytes).

    A chain in a circle counts as whole: no more will come, and the worker says what is wrong.
    """
    file.seek(0)
    head = file.read(16)
    form = _Form("<" if head[:2] == b"II" else ">", head[2:4] in (b"+\0", b"\0+"))
    at = head[8:16] if form.is_big else head[4:8]
    if len(at) < form.word:
        return False
    (offset,) = struct.unpack(form.order + form.letter, at)
    seen: set[int] = set()
    while offset and offset not in seen and len(seen) < _MOST_PAGES:
        seen.add(offset)
        following = _page(file, form, offset, size)
        if following is None:
            return False
        offset = following
    return bool(seen)


def _page(file: BinaryIO, form: _Form, offset: int, size: int) -> int | None:
    """Where the next directory stands; None when this one or its data are not all there."""
    count_letter = "Q" if form.is_big else "H"
    count_bytes, entry_bytes = struct.calcsize("=" + count_letter), 20 if form.is_big else 12
    file.seek(offset)
    head = file.read(count_bytes)
    if len(head) < count_bytes:
        return None
    (count,) = struct.unpack(form.order + count_letter, head)
    if not 0 < count <= _MOST_ENTRIES:
        return None
    body = file.read(count * entry_bytes + form.word)
    if len(body) < count * entry_bytes + form.word:
        return None
    entries = {
        struct.unpack(form.order + "H", body[at : at + 2])[0]: body[at : at + entry_bytes]
        for at in range(0, count * entry_bytes, entry_bytes)
    }
    if not all(_value_lies_within(form, entry, size) for entry in entries.values()):
        return None
    if not all(_data_lie_within(file, form, (entries.get(a), entries.get(b)), size) for a, b in _TABLES):
        return None
    return int(struct.unpack(form.order + form.letter, body[-form.word :])[0])


def _value_lies_within(form: _Form, entry: bytes, size: int) -> bool:
    """A field's value, where it stands elsewhere in the file: resolutions are often the last bytes."""
    kind, count = struct.unpack(form.order + "H" + form.letter, entry[2 : 4 + form.word])
    length = _SIZES.get(kind, 0) * count
    return bool(
        length <= form.word or struct.unpack(form.order + form.letter, entry[4 + form.word :])[0] + length <= size
    )


def _data_lie_within(file: BinaryIO, form: _Form, table: tuple[bytes | None, bytes | None], size: int) -> bool:
    offsets, lengths = (_values(file, form, entry) for entry in table)
    if offsets is None or lengths is None:
        return False
    return all(offset + length <= size for offset, length in zip(offsets, lengths, strict=False))


def _values(file: BinaryIO, form: _Form, entry: bytes | None) -> tuple[int, ...] | None:
    """The numbers of a field; none where it is absent or not numbers, None when they are not in the file."""
    if entry is None:
        return ()
    kind, count = struct.unpack(form.order + "H" + form.letter, entry[2 : 4 + form.word])
    letter = _LETTERS.get(kind)
    if letter is None or count > _MOST_VALUES:
        return ()
    length = count * struct.calcsize("=" + letter)
    data = entry[4 + form.word :]
    if length > form.word:
        file.seek(struct.unpack(form.order + form.letter, data)[0])
        data = file.read(length)
    if len(data) < length:
        return None
    return struct.unpack(f"{form.order}{count}{letter}", data[:length])
