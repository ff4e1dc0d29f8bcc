"""What every place for bytes can do: named bytes, each written whole or not at all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Protocol


class Store(Protocol):
    """Named bytes. A key is a relative POSIX path; it holds no health information.

    A reader sees the old bytes or the new ones, never half of either, and what was put survives a power cut. A key that
    is not there is `None`. Every method raises UnreachableError when the place does not answer, within some ten seconds
    for a server; those that write raise CannotWriteError (disk full, no permission), and nothing has changed then.
    """

    def put(self, key: str, source: bytes | Path) -> None:
        """Put bytes, or those of a local file, at the key, over what was there. A file from `new_file` may be moved."""
        ...

    def put_new(self, key: str, path: Path) -> None:
        """Put a local file at a key that names its content: what is there with the same size is left as it is.

        Another size is what a broken disk left: the only time such a key is written again.
        """
        ...

    def read(self, key: str) -> bytes | None:
        """All bytes at once: for what is small, such as a manifest."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes."""
        ...

    def sha256(self, key: str) -> str | None:
        """SHA-256 of the bytes as 64 hex digits."""
        ...

    def remove(self, key: str) -> None:
        """Remove the key, if it is there."""
        ...

    def keys(self, folder: str) -> Iterator[str]:
        """The keys below a folder ("" for all), sorted, one by one; unfinished files are none."""
        ...

    def as_file(self, key: str, sha256: str = "") -> AbstractContextManager[Path]:
        """The bytes as a local file to read, for the length of the block; give the SHA-256 where it is known.

        Raises FileNotFoundError when the key is not there.
        """
        ...

    def new_file(self) -> AbstractContextManager[Path]:
        """An empty local file, for the owner only, to write and then put; it is gone when the block ends."""
        ...


def checked_key(key: str) -> str:
    """The key itself. Raises ValueError where it could lead out of the store or to one of its unfinished files."""
    path = PurePosixPath(key)
    is_plain = not path.is_absolute() and str(path) == key and path.parts and "\0" not in key
    if not is_plain or any(part == ".." or part.startswith(".unfinished-") for part in path.parts):
        raise ValueError(f"{key!r} is no key of a store")
    return key
