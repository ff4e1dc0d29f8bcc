"""What stands in a hot folder: scans, their indexes and markers, and what can never be taken."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from worker.intake.scans import is_litter
from worker.intake.sidecar import SIDECAR_ENDINGS
from worker.intake.watch_rules import Look

#: Hidden: our own folder, on the same file system so that a claim is one rename.
CLAIMED = ".pigeonhole-claimed"
REJECTED = "rejected"
MARKER_ENDINGS = (".done", ".ok", ".ready", ".complete")
_DEEPEST = 16


class Kind(Enum):
    """What an entry of a hot folder is for."""

    SCAN = "scan"
    SIDECAR = "sidecar"
    MARKER = "marker"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a hot folder. `refusal` is a sentence why it can never be taken, empty for all others."""

    path: Path
    kind: Kind
    look: Look
    refusal: str = ""


def list_folder(folder: Path, leave_out: Collection[Path] = ()) -> tuple[Entry, ...]:
    """Everything below `folder` in the order of names, without our own folders, hidden and temporary names.

    Links are not followed: they would let a station hand in any file of this machine. Raises OSError when the folder
    itself cannot be listed (a share that is gone).
    """
    ours = {folder / CLAIMED, folder / REJECTED, *leave_out}
    return tuple(_below(list(folder.iterdir()), ours, 0))


def _below(paths: list[Path], ours: Collection[Path], depth: int) -> Iterator[Entry]:
    for path in sorted(paths, key=lambda path: os.fsencode(path.name)):
        if is_litter(path.name) or path in ours:
            continue
        try:
            status = path.lstat()
        except OSError:  # taken away since it was listed
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _inside(path, ours, depth + 1)
        else:
            yield _entry(path, status)


def _inside(folder: Path, ours: Collection[Path], depth: int) -> Iterator[Entry]:
    if depth > _DEEPEST:
        yield Entry(folder, Kind.REFUSED, Look(0, 0), f"the folder lies more than {_DEEPEST} folders deep")
        return
    try:
        paths = list(folder.iterdir())
    except PermissionError:
        yield Entry(folder, Kind.REFUSED, Look(0, 0), "the folder cannot be opened: no permission")
        return
    except OSError:  # taken away since it was listed, or the share stumbles: the next look will tell
        return
    yield from _below(paths, ours, depth)


def _entry(path: Path, status: os.stat_result) -> Entry:
    look = Look(status.st_size, status.st_mtime_ns)
    if stat.S_ISLNK(status.st_mode):
        return Entry(path, Kind.REFUSED, look, "a link is not followed: put the file itself here")
    if not stat.S_ISREG(status.st_mode):
        return Entry(path, Kind.REFUSED, look, "not a file: pipes, sockets and devices are not read")
    lower = path.name.lower()
    if lower.endswith(SIDECAR_ENDINGS):
        return Entry(path, Kind.SIDECAR, look)
    return Entry(path, Kind.MARKER if lower.endswith(MARKER_ENDINGS) else Kind.SCAN, look)
