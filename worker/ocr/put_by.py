"""Sheets that were opened before, put by in this process: reading on goes on where the first look ended."""

from collections import OrderedDict
from pathlib import Path

from worker.ocr.asks import PageAsk
from worker.ocr.sheets import Sheet

#: Bytes of line images that are kept at most; a page of text has one to two million.
MOST_BYTES = 96_000_000
#: The file as it was then: its folder entry, size and time.
_Key = tuple[Path, int, int, int, int, int]


class PutBy:
    """The sheets used last, by file, page and rotation."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._sheets: OrderedDict[_Key, Sheet] = OrderedDict()
        self._most, self._bytes = most_bytes, 0

    def take(self, path: Path, ask: PageAsk) -> Sheet | None:
        """The page turned as it is asked for, with the lines of the region; None where it is not here (any more)."""
        if ask.rotation is None:
            return None
        key = _key(path, ask.number, ask.rotation)
        if key not in self._sheets:
            return None
        self._sheets.move_to_end(key)
        return self._sheets[key].asked(ask)

    def keep(self, path: Path, sheet: Sheet) -> None:
        """Puts a sheet by, and lets go of those not used for longest."""
        key = _key(path, sheet.ask.number, sheet.page.rotation)
        if key in self._sheets:
            return
        self._sheets[key] = sheet.put_by()
        self._bytes += _size(sheet)
        while self._bytes > self._most:
            _, oldest = self._sheets.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(sheet: Sheet) -> int:
    return sum(line.image.nbytes for line in sheet.found)


def _key(path: Path, number: int, rotation: int) -> _Key:
    entry = path.stat()
    return path, entry.st_ino, entry.st_size, entry.st_mtime_ns, number, rotation
