"""A disk that can be filled to its last byte."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: Bytes of the disk that is filled.
DISK_BYTES = 96 << 20


def fill_disk(ballast: Path) -> None:
    """Writes into the file until not one byte more fits."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            _write_until_full(file.write, size)


def _write_until_full(write: Callable[[bytes], object], size: int) -> None:
    try:
        while True:
            write(b"\0" * size)
    except OSError:
        return


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own in a new folder, in memory. Needs the right to mount."""
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
