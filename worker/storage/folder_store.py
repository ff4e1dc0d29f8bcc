"""A store in a local folder: the key is the path below it."""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from worker.errors import UnreachableError
from worker.storage.store import checked_key
from worker.storage.whole import (
    UNFINISHED_PREFIX,
    cannot_write,
    make_folder,
    new_whole_file,
    remove_file,
    sync_folder,
    write_whole,
)

#: What the system says when there is nothing at a path. Anything else is a disk or mount that fails.
NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR})


class FolderStore:
    """Implements Store. Folders have mode 0700, files 0600."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """Where the bytes of the key are, or would be."""
        return self.root / checked_key(key)

    def put(self, key: str, source: bytes | Path) -> None:
        """See Store."""
        target = self.path(key)
        self._make_parents(target)
        if isinstance(source, bytes):
            write_whole(target, source)
        elif self._is_ours(source):
            _move(source, target)
        else:
            with source.open("rb") as given, new_whole_file(target) as stream:
                shutil.copyfileobj(given, stream, 1 << 20)

    def put_new(self, key: str, path: Path) -> None:
        """See Store."""
        target = self.path(key)
        if self.size(key) != path.stat().st_size:
            self.put(key, path)
            return
        try:
            sync_folder(target.parent)  # who put it may not have come so far
        except OSError as error:
            raise cannot_write(target, error) from error

    def read(self, key: str) -> bytes | None:
        """See Store."""
        try:
            return self.path(key).read_bytes()
        except OSError as error:
            _unless_nothing(error)
            return None

    def size(self, key: str) -> int | None:
        """See Store."""
        try:
            found = self.path(key).stat()
        except OSError as error:
            _unless_nothing(error)
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def sha256(self, key: str) -> str | None:
        """See Store."""
        try:
            with self.path(key).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            _unless_nothing(error)
            return None

    def remove(self, key: str) -> None:
        """See Store. A folder left empty goes too, but for those at the top, where other writers are at work."""
        path = self.path(key)
        remove_file(path)
        if self.root not in (path.parent, path.parent.parent):
            with contextlib.suppress(OSError):  # not empty: somebody keeps notes there
                path.parent.rmdir()

    def keys(self, folder: str) -> Iterator[str]:
        """See Store."""
        yield from self._below(self.path(folder) if folder else self.root)

    @contextlib.contextmanager
    def as_file(self, key: str, sha256: str = "") -> Iterator[Path]:
        """See Store: it is the file itself, so nobody may write to it."""
        path = self.path(key)
        # NFS remembers for a while that a name was not there; to list the folder makes it ask the server.
        if self.size(key) is None and (path not in _listed(path.parent) or self.size(key) is None):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key)
        yield path

    @contextlib.contextmanager
    def new_file(self) -> Iterator[Path]:
        """See Store: it lies in the store, so that putting it moves a name and copies nothing."""
        make_folder(self.root)
        try:
            handle, name = tempfile.mkstemp(prefix=UNFINISHED_PREFIX, dir=self.root)
        except OSError as error:
            raise cannot_write(self.root, error) from error
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _below(self, folder: Path) -> Iterator[str]:
        """One folder after the other, so that the first key of a large store costs little."""
        entries = _listed(folder)
        for path in sorted(entries, key=lambda path: f"{path.name}/" if entries[path] else path.name):
            if entries[path]:
                yield from self._below(path)
            elif not path.name.startswith(UNFINISHED_PREFIX):
                yield path.relative_to(self.root).as_posix()

    def _is_ours(self, source: Path) -> bool:
        return source.parent == self.root and source.name.startswith(UNFINISHED_PREFIX)

    def _make_parents(self, target: Path) -> None:
        """Make the folders above, so that their names too survive a power cut."""
        missing = [folder for folder in target.parents if folder.is_relative_to(self.root) and not folder.is_dir()]
        make_folder(target.parent)
        try:
            for folder in reversed(missing):
                sync_folder(folder.parent)
        except OSError as error:
            raise cannot_write(target, error) from error


def _move(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as stream:
            os.fsync(stream.fileno())
        source.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error


def _listed(folder: Path) -> dict[Path, bool]:
    """What is in the folder, if there is one, and whether it is a folder itself. Raises UnreachableError."""
    try:
        with os.scandir(folder) as entries:
            return {Path(entry.path): entry.is_dir(follow_symlinks=False) for entry in entries}
    except OSError as error:
        _unless_nothing(error)
        return {}


def _unless_nothing(error: OSError) -> None:
    """Raises UnreachableError unless there is nothing: a failing disk must not look like a lost key."""
    if error.errno not in NOTHING_THERE:
        raise UnreachableError("the store", os.strerror(error.errno or errno.EIO).lower()) from error
