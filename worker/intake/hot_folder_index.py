"""The indexes in a hot folder: which scans they speak of, when they are complete, and when they are done with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.intake.hot_folder_listing import Entry
from worker.intake.sidecar import BadSidecarError, IndexRow, namesakes, read_small, same_file_key
from worker.intake.sidecar_csv import is_whole_csv, read_csv
from worker.intake.sidecar_xml import read_xml
from worker.intake.watch_rules import LONG_SECONDS, Look, Watched


@dataclass(slots=True)
class Index:
    """One index file. `rows` is None until it is complete; `used` are the rows whose scans were taken."""

    entry: Entry
    watched: Watched
    read_at: Look | None = None
    rows: tuple[IndexRow, ...] | None = None
    problem: str = ""
    used: set[str] = field(default_factory=set)

    def speaks_of(self, scan: Entry) -> IndexRow | None:
        """The row for a scan in the same folder that is not used yet."""
        if self.rows is None or scan.path.parent != self.entry.path.parent:
            return None
        return next((row for row in self.rows if self._key(row) in self._keys_of(row, scan.path)), None)

    def use(self, row: IndexRow) -> None:
        """The row's scan is taken."""
        self.used.add(self._key(row))

    @property
    def open_rows(self) -> list[str]:
        """Names of files that are still to come."""
        return [row.file or self.entry.path.stem for row in self.rows or () if self._key(row) not in self.used]

    def _keys_of(self, row: IndexRow, scan: Path) -> tuple[str, ...]:
        keys = (same_file_key(scan.name),) if row.file else namesakes(scan.name)
        return tuple(key for key in keys if key not in self.used)

    def _key(self, row: IndexRow) -> str:
        return same_file_key(row.file or self.entry.path.stem)


class Indexes:
    """All indexes of a hot folder over its looks. `still` is in seconds."""

    def __init__(self, still: float) -> None:
        self._still = still
        self._indexes: dict[Path, Index] = {}

    def look(self, found: list[tuple[Entry, Watched]], now: float) -> None:
        """Read what is new or has changed."""
        known = self._indexes
        self._indexes = {}
        for entry, watched in found:
            index = known.get(entry.path) or Index(entry, watched)
            index.entry, index.watched = entry, watched
            self._indexes[entry.path] = index
            if entry.look.size:
                self._read(index, now)

    def find(self, scan: Entry) -> tuple[Index, IndexRow] | None:
        """The index that speaks of a scan, and its row."""
        for index in self._indexes.values():
            row = index.speaks_of(scan)
            if row is not None:
                return index, row
        return None

    def are_waited_for(self, folder: Path, now: float) -> bool:
        """Whether an index in this folder is just being written: it may speak of any scan beside it."""
        return any(
            index.entry.path.parent == folder
            and index.rows is None
            and not index.problem
            and now - index.watched.first_seen < LONG_SECONDS
            and now - index.watched.since < 2 * self._still
            for index in self._indexes.values()
        )

    def done(self, now: float) -> Iterator[tuple[Entry, str]]:
        """Indexes to be removed, with the reason to reject them, empty when all their scans were taken."""
        for index in list(self._indexes.values()):
            quiet = now - index.watched.since
            if index.problem and quiet >= self._still:
                yield index.entry, index.problem
            elif index.rows and not index.open_rows and quiet >= self._still:
                yield index.entry, ""
            elif quiet >= LONG_SECONDS:
                yield index.entry, _never_came(index)

    def ending(self, now: float) -> int:
        """How many will be complete or done with soon."""
        soon = (i for i in self._indexes.values() if now - i.watched.since < 2 * self._still)
        return sum(index.rows is None or not index.open_rows for index in soon)

    def _read(self, index: Index, now: float) -> None:
        is_still = now - index.watched.since >= self._still
        if index.read_at == index.entry.look and (index.rows is not None or index.problem):
            return
        try:
            data = read_small(index.entry.path)
            is_csv = index.entry.path.suffix.lower() == ".csv"
            rows = read_csv(data) if is_csv else read_xml(data)
            is_whole = not is_csv or is_whole_csv(data)
        except OSError:  # the station has it open, or took it away: the next look will tell
            return
        except BadSidecarError as error:
            index.problem = str(error) if is_still else ""
            index.read_at, index.rows = index.entry.look, None
            return
        index.problem = ""
        if (is_whole and rows) or is_still:
            index.read_at, index.rows = index.entry.look, rows


def _never_came(index: Index) -> str:
    if not index.rows:
        return "the index is empty, or could not be read"
    names = ", ".join(index.open_rows[:20])
    return f"these files that it names are not in the folder, or had been taken before the index came: {names}"
