"""One hot folder: looks at it again and again, and takes in what is ready."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from worker.domain.document import Arrival
from worker.domain.envelope import Channel, Envelope
from worker.errors import CannotWriteError
from worker.intake.accept import Accept
from worker.intake.hot_folder_claims import Claim, claim, clear, finish, open_claims, put_away, reject
from worker.intake.hot_folder_index import Indexes
from worker.intake.hot_folder_listing import Entry, Kind, list_folder
from worker.intake.scans import printable
from worker.intake.sidecar import into_envelope, namesakes, same_file_key
from worker.intake.watch_rules import LONG_SECONDS, Look, Patience, Sign, Verdict, Watched, Wholeness, judge, look_again
from worker.intake.watch_told import Told
from worker.intake.whole_file import look_whole
from worker.storage.originals import why_unreadable

#: How often a claimed file may be unreadable before it is rejected: network shares stumble.
_MOST_READS = 5
EMPTY = "the file is empty: scan it again"
STILL_GROWING = "it has been changing for ten minutes: is the station still writing it?"
NOT_REMOVED = "it is safe, but it cannot be removed from the folder, or moved to where taken files are kept"
IN_USE = "it cannot be renamed: does the station have it open?"


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How a hot folder is watched. `now` is the payer's clock; `every` and `still` are seconds.

    `station` names where files of this folder come from; without it, the subfolder they stand in does. Taken files are
    moved to `keep` where it is given, and removed otherwise. `once` ends when nothing is waited for any more. Files of
    more than `most_bytes` are rejected.
    """

    now: Callable[[], datetime]
    line: str
    station: str = ""
    every: float = 2.0
    still: float = 5.0
    keep: Path | None = None
    once: bool = False
    most_bytes: int | None = None

    def envelope(self, station: str = "") -> Envelope:
        """What is known of any file of this folder."""
        return Envelope(channel=Channel.FOLDER, line=self.line, station=self.station or station)


class HotFolder:
    """What has been seen of one folder. Only for the holder of its lock; `folder` is absolute."""

    def __init__(self, folder: Path, accept: Accept, options: WatchOptions, tell: Told) -> None:
        self._folder, self._accept, self._options, self._tell = folder, accept, options, tell
        self._patience = Patience(options.still)
        self._indexes = Indexes(options.still)
        self._seen: dict[Path, Watched] = {}
        self._markers: dict[tuple[Path, str], Entry] = {}
        self._wholeness: dict[Path, tuple[Look, Wholeness]] = {}
        self._told: set[Path] = set()
        self._reads: dict[Path, int] = {}
        self._accepted: dict[Path, Arrival] = {}
        self.waiting = 0

    def look(self, now: float, stop: threading.Event) -> int:
        """One look at everything; returns how many files may become ready later. `now` is in seconds, of any clock.

        Ends between two files when `stop` is set. Raises CannotWriteError and UnreachableError, as `accept` does, and
        OSError when the folder cannot be listed: then everything is where it was, and the next look goes on.
        """
        self.waiting = 0
        left_over = list(open_claims(self._folder, self._options.envelope(), self._options.now()))
        entries = list_folder(self._folder, [self._options.keep] if self._options.keep else [])
        self._remember(entries, left_over, now)
        for left in left_over:
            if not stop.is_set():
                self._take_in(left, now)
        for entry in entries:
            if not stop.is_set() and entry.kind in (Kind.SCAN, Kind.REFUSED):
                self._consider(entry, now)
        self._clear_away(now)
        self.waiting += self._indexes.ending(now)
        return self.waiting

    def _remember(self, entries: tuple[Entry, ...], claims: list[Claim], now: float) -> None:
        known = self._seen
        self._seen = {entry.path: look_again(known.get(entry.path), entry.look, now) for entry in entries}
        self._seen |= {c.document: known[c.document] for c in claims if c.document in known}
        self._wholeness = {path: seen for path, seen in self._wholeness.items() if path in self._seen}
        self._told &= self._seen.keys() | {c.document for c in claims}
        self._reads = {c.folder: self._reads.get(c.folder, 0) for c in claims}
        self._accepted = {c.folder: self._accepted[c.folder] for c in claims if c.folder in self._accepted}
        self._markers = {
            (entry.path.parent, same_file_key(entry.path.stem)): entry for entry in entries if entry.kind is Kind.MARKER
        }
        self._indexes.look([(e, self._seen[e.path]) for e in entries if e.kind is Kind.SIDECAR], now)

    def _consider(self, entry: Entry, now: float) -> None:
        watched = self._seen[entry.path]
        if entry.kind is Kind.REFUSED:
            is_sure = now - watched.since >= self._patience.broken
            verdict = Verdict.TAKE if is_sure else Verdict.WAIT
        elif self._indexes.are_waited_for(entry.path.parent):
            verdict = Verdict.WAIT
        else:
            verdict = judge(watched, now, self._patience, self._sign(entry), lambda: self._how_whole(entry))
        if verdict is Verdict.EMPTY:
            self._claim(replace(entry, refusal=EMPTY), now)
        elif verdict is Verdict.TAKE:
            self._claim(replace(entry, refusal=entry.refusal or self._too_large(entry)), now)
        elif verdict is Verdict.GROWING:
            self._tell_once(entry.path, self._shown(entry), STILL_GROWING)
        else:
            self.waiting += 1

    def _too_large(self, entry: Entry) -> str:
        most = self._options.most_bytes
        if most is None or entry.look.size <= most:
            return ""
        return f"it has {entry.look.size:,} bytes, this line takes {most:,}: split it and scan it again"

    def _sign(self, scan: Entry) -> Sign:
        """A companion that is older than the scan was meant for an earlier one, or came before its end."""
        markers = (self._markers.get((scan.path.parent, key)) for key in namesakes(scan.path.name))
        if any(marker and marker.look.mtime_ns >= scan.look.mtime_ns for marker in markers):
            return Sign.MARKED
        found = self._indexes.find(scan)
        if found and found[0].entry.look.mtime_ns >= scan.look.mtime_ns:
            return Sign.INDEXED
        return Sign.NONE

    def _how_whole(self, entry: Entry) -> Wholeness:
        look, wholeness = self._wholeness.get(entry.path, (None, Wholeness.UNKNOWN))
        if look != entry.look or wholeness is Wholeness.UNKNOWN:
            wholeness = look_whole(entry.path)
            self._wholeness[entry.path] = (entry.look, wholeness)
        return wholeness

    def _claim(self, entry: Entry, now: float) -> None:
        relative = entry.path.relative_to(self._folder)
        envelope = self._options.envelope(printable(relative.parts[0]) if len(relative.parts) > 1 else "")
        found = self._indexes.find(entry)
        if found:
            envelope = into_envelope(found[1].fields, envelope)
        try:
            claimed = claim(self._folder, entry, envelope, self._options.now())
        except OSError:
            self.waiting += 1
            if now - self._seen[entry.path].since >= self._patience.broken:
                self._tell_once(entry.path, self._shown(entry), IN_USE)
            return
        if found:
            found[0].use(found[1])
        for key in namesakes(entry.path.name):
            if marker := self._markers.get((entry.path.parent, key)):
                put_away(marker.path)
        self._take_in(claimed, now)

    def _take_in(self, claimed: Claim, now: float) -> None:
        """Accept first, remove after: a crash in between offers it once more, as the same arrival."""
        if claimed.folder in self._accepted:
            self._remove(claimed)
            return
        if not claimed.refusal and not self._is_still(claimed, now):
            self.waiting += 1
            return
        arrival = self._accept(claimed.incoming, claimed.document, claimed.refusal)
        if arrival.sha256:
            self._tell.taken(claimed.incoming.source, arrival)
            self._accepted[claimed.folder] = arrival
            self._remove(claimed)
        elif reason := claimed.refusal or self._unreadable(claimed):
            reject(self._folder, claimed.document, claimed.name, reason)
            clear(claimed)
            self._tell.rejected(claimed.incoming.source, reason)
        else:
            self.waiting += 1

    def _remove(self, accepted: Claim) -> None:
        """One file that cannot be removed does not hold up the others; it is tried at every look."""
        try:
            finish(accepted, self._options.keep)
        except CannotWriteError:
            self.waiting += 1
            self._tell_once(accepted.document, accepted.incoming.source, NOT_REMOVED)

    def _is_still(self, claimed: Claim, now: float) -> bool:
        """A station that had the file open goes on writing after the rename: then wait as for any other file."""
        try:
            status = claimed.document.lstat()
        except OSError:
            return False
        look = Look(status.st_size, status.st_mtime_ns)
        if look == claimed.look:
            return True
        watched = look_again(self._seen.get(claimed.document), look, now)
        self._seen[claimed.document] = watched
        return now - watched.since >= self._patience.broken

    def _unreadable(self, claimed: Claim) -> str:
        """Why it cannot be read; empty while it is worth another try."""
        self._reads[claimed.folder] = self._reads.get(claimed.folder, 0) + 1
        if self._reads[claimed.folder] < _MOST_READS:
            return ""
        try:
            with claimed.document.open("rb") as file:
                file.read(1)
        except OSError as error:
            return f"the file cannot be read: {why_unreadable(error)}"
        return "the file cannot be read to its end"

    def _clear_away(self, now: float) -> None:
        """Indexes and markers that nothing waits for any more."""
        for entry, problem in self._indexes.done(now):
            if problem:
                self._reject_companion(entry, problem)
            else:
                put_away(entry.path, self._options.keep and self._options.keep / entry.path.relative_to(self._folder))
        for marker in self._markers.values():
            is_old = now - self._seen[marker.path].since >= LONG_SECONDS
            if is_old and marker.path.exists():
                self._reject_companion(marker, "the marker names no file that came")

    def _reject_companion(self, entry: Entry, reason: str) -> None:
        name = str(entry.path.relative_to(self._folder))
        try:
            reject(self._folder, entry.path, name, reason)
        except CannotWriteError:
            self._tell_once(entry.path, self._shown(entry), IN_USE)
        else:
            self._tell.rejected(printable(name), reason)

    def _shown(self, entry: Entry) -> str:
        return printable(str(entry.path.relative_to(self._folder)))

    def _tell_once(self, path: Path, name: str, why: str) -> None:
        if path not in self._told:
            self._told.add(path)
            self._tell.waits(name, why)
