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
    keyed: dict[str, IndexRow] = field(default_factory=dict)

    def keyed_rows(self) -> Iterator[tuple[str, IndexRow]]:
        """The rows that are not used yet, by the key of the file they speak of."""
        for key, row in self.keyed.items():
            if key not in self.used:
                yield key, row

    def use(self, row: IndexRow) -> None:
        """The row's scan is taken."""
        self.used.add(self._key(row))

    @property
    def open_rows(self) -> list[str]:
        """Names of files that are still to come."""
        return [row.file or self.entry.path.stem for _, row in self.keyed_rows()]

    def settle(self, rows: tuple[IndexRow, ...] | None) -> None:
        """These are its rows for now; of two for one file the first counts."""
        self.rows, self.read_at = rows, self.entry.look
        self.keyed = {self._key(row): row for row in reversed(rows or ())}

    def _key(self, row: IndexRow) -> str:
        return same_file_key(row.file or self.entry.path.stem)


class Indexes:
    """All indexes of a hot folder over its looks. `still` is in seconds."""

    def __init__(self, still: float) -> None:
        self._still = still
        self._indexes: dict[Path, Index] = {}
        self._rows: dict[tuple[Path, str], tuple[Index, IndexRow]] = {}
        self._waited_for: frozenset[Path] = frozenset()

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
        self._rows = {
            (index.entry.path.parent, key): (index, row)
            for index in self._indexes.values()
            for key, row in index.keyed_rows()
        }
        waited_for = (index for index in self._indexes.values() if self._is_being_written(index, now))
        self._waited_for = frozenset(index.entry.path.parent for index in waited_for)

    def find(self, scan: Entry) -> tuple[Index, IndexRow] | None:
        """The index that speaks of a scan, and its row."""
        full, stem = namesakes(scan.path.name)
        named = self._rows.get((scan.path.parent, full))
        namesake = self._rows.get((scan.path.parent, stem))
        return named or (namesake if namesake and not namesake[1].file else None)

    def are_waited_for(self, folder: Path) -> bool:
        """Whether an index in this folder is just being written: it may speak of any scan beside it."""
        return folder in self._waited_for

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
            index.settle(None)
            return
        index.problem = ""
        if (is_whole and rows) or is_still:
            index.settle(rows)

    def _is_being_written(self, index: Index, now: float) -> bool:
        return (
            index.rows is None
            and not index.problem
            and now - index.watched.first_seen < LONG_SECONDS
            and now - index.watched.since < 2 * self._still
        )


def _never_came(index: Index) -> str:
    if not index.rows:
        return "the index is empty, or could not be read"
    names = ", ".join(index.open_rows[:20])
    return f"these files that it names are not in the folder, or had been taken before the index came: {names}"
