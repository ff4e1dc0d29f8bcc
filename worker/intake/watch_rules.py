"""When a file in a hot folder is ready: decided from what was seen and when, without touching a file or a clock."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

#: Seconds that a file may keep changing before somebody is told; also how long an index waits for its files.
LONG_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a file server says of a file: size in bytes, and the time of its last change by the server's own clock.

    Two looks are compared with each other, never with our clock: file servers' clocks are often wrong.
    """

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A file over several looks: `since` when it has looked like this, `first_seen` when it came (our seconds)."""

    look: Look
    since: float
    first_seen: float


class Wholeness(StrEnum):
    """Whether the bytes of a file end where its own structure says."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Not a kind that we know, or not readable just now."""


class Sign(Enum):
    """What the station says of a file."""

    NONE = "none"
    INDEXED = "indexed"
    """An index names it that is not older than the file."""
    MARKED = "marked"
    """A marker that is not older than the file says that it is complete."""


class Verdict(Enum):
    """What to do with a file now."""

    WAIT = "wait"
    TAKE = "take"
    EMPTY = "empty"
    """It has been empty for long: nothing will come."""
    GROWING = "growing"
    """It has been changing for long: somebody must look at the station."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds without a change: `still` for a whole file, the others for files that do not show that they are whole."""

    still: float = 5.0

    @property
    def unknown(self) -> float:
        """For files of unknown kind."""
        return 3 * self.still

    @property
    def broken(self) -> float:
        """For files whose end is missing, and for what cannot be read: taken all the same, so that nothing is lost."""
        return 10 * self.still


def look_again(before: Watched | None, look: Look, now: float) -> Watched:
    """The file after one more look."""
    if before is None:
        return Watched(look, now, now)
    return before if before.look == look else Watched(look, now, before.first_seen)


def judge(file: Watched, now: float, patience: Patience, sign: Sign, wholeness: Callable[[], Wholeness]) -> Verdict:
    """What to do with a file. `wholeness` is asked only where it matters, since it reads the file."""
    quiet = now - file.since
    if file.look.size == 0:
        return Verdict.EMPTY if quiet >= patience.broken else Verdict.WAIT
    if sign is Sign.MARKED:
        return Verdict.TAKE
    if sign is Sign.NONE and quiet < patience.still:
        return Verdict.GROWING if now - file.first_seen >= LONG_SECONDS else Verdict.WAIT
    needed = {Wholeness.WHOLE: 0.0, Wholeness.UNKNOWN: patience.unknown, Wholeness.BROKEN: patience.broken}
    return Verdict.TAKE if quiet >= needed[wholeness()] else Verdict.WAIT
