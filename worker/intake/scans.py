"""Finding the scans among what was given: files, and folders with their subfolders.

Nothing here opens a scan. What can never be one (a pipe, a link to nothing, a folder without permission)
comes back with its refusal, so that it gets its line in documents.csv and the rest of the tray is filed.
"""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.storage.originals import why_unreadable

#: What systems and programs leave in folders; compared in lower case.
LITTER = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "__macosx", "#recycle", "$recycle.bin", "lost+found"}
)
#: Endings of files that somebody is still writing.
UNFINISHED_ENDINGS = ("~", ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp")


@dataclass(frozen=True, slots=True)
class Scan:
    """A file to take in. `source` is the name people know it by: printable, relative to what was given.

    `refusal` is empty, or a sentence that says why this entry cannot be taken.
    """

    path: Path
    source: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Tray:
    """What was found, and the sources of the hidden and temporary files that were left alone."""

    scans: tuple[Scan, ...]
    left_alone: tuple[str, ...] = ()


def find_scans(given: Sequence[Path], *, leave_out: Collection[Path] = ()) -> Tray:
    """The scans among `given`, in that order, folders sorted by name; each file once.

    `leave_out` are files and folders that are ours (the output folder, the registry). A file that was
    named itself is taken even where its name is hidden or temporary.
    """
    walk = _Walk(leave_out)
    for path in given:
        walk.take(path)
    return Tray(tuple(walk.scans), tuple(walk.left_alone))


def printable(name: str) -> str:
    r"""A file name as one line of text: what cannot be shown is escaped (`\n`, `\u202e`, `\xff` for a byte).

    A name that a spreadsheet would run as a formula (= + - @ first) gets `./` before it: the same file.
    """
    shown = "".join(char if char.isprintable() else _escape(char) for char in name)
    return f"./{shown}" if shown[:1] in {"=", "+", "-", "@"} else shown


def is_litter(name: str) -> bool:
    """Hidden, temporary, or a system's own file: never a scan that is ready."""
    lower = name.lower()
    return lower.startswith((".", "~")) or lower.endswith(UNFINISHED_ENDINGS) or lower in LITTER


class _Walk:
    """One pass over what was given; remembers what it has seen."""

    def __init__(self, leave_out: Collection[Path]) -> None:
        self.scans: list[Scan] = []
        self.left_alone: list[str] = []
        self._seen = {_absolute(path) for path in leave_out}

    def take(self, given: Path) -> None:
        if _is_folder(given, follow_links=True):
            for path in self._files_below(given):
                is_whole_folder = path == given  # it could not be opened
                self._add(path, printable(path.name if is_whole_folder else str(path.relative_to(given))))
        else:
            self._add(given, printable(given.name or str(given)))

    def _files_below(self, folder: Path) -> Iterator[Path]:
        """Files in the order of their names, folders where their name stands; a closed folder as itself."""
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            is_folder = path == folder or _is_folder(path, follow_links=False)
            entries = self._entries(path) if is_folder else None
            if entries is None:
                yield path
            else:
                waiting.extend(reversed(entries))

    def _entries(self, folder: Path) -> list[Path] | None:
        """What is in the folder, sorted; None when it cannot be opened."""
        if _absolute(folder) in self._seen:
            return []
        try:
            entries = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
        except OSError:
            return None
        self.left_alone += [printable(path.name) for path in entries if is_litter(path.name)]
        return [path for path in entries if not is_litter(path.name)]

    def _add(self, path: Path, source: str) -> None:
        absolute = _absolute(path)
        if absolute not in self._seen:
            self._seen.add(absolute)
            self.scans.append(Scan(absolute, source, _refusal(absolute)))


def _absolute(path: Path) -> Path:
    """Absolute without following links: two links to one file are two arrivals."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links, absolute() keeps `..`


def _is_folder(path: Path, *, follow_links: bool) -> bool:
    """Path.is_dir, which would raise for names in a folder that may be listed but not entered."""
    try:
        return stat.S_ISDIR(path.stat(follow_symlinks=follow_links).st_mode)
    except (OSError, ValueError):
        return False


def _refusal(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"the file cannot be read: {why_unreadable(error)}"
    except ValueError:  # a NUL in the name: only a command line can hold one
        return "the file cannot be read: there is no such name"
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        if path.is_symlink():
            return "a link to a folder is not followed: give the folder itself"
        return "the folder cannot be opened: no permission"
    return "not a file: pipes, sockets and devices are not read"


def _escape(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # how Python carries a byte that is not UTF-8
        return f"\\x{ord(char) - 0xDC00:02x}"
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
