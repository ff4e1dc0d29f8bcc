"""Files while they are being received: private, on the disk of the service's folder, and without a name.

A file without a name is gone with the process that holds it, whatever ends that process: nothing is ever left to tidy.
"""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from worker.receiving.refused import BodyRefusedError
from worker.storage.whole import cannot_write, make_folder

#: Below the service's folder.
SPOOL = "spool"


class SpooledFile:
    """What has come of one document. `name` is what the sender calls it; `limit` gives the most bytes it may have."""

    def __init__(self, home: Path, name: str, limit: Callable[[], int]) -> None:
        self.name = name
        self.size = 0
        self._limit = limit
        self._digest = hashlib.sha256()
        self._folder = home / SPOOL
        make_folder(self._folder)
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - it lives as long as this object
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    @property
    def sha256(self) -> str:
        """Of what has come."""
        return self._digest.hexdigest()

    @property
    def path(self) -> Path:
        """Where this process can open the file, until it is closed."""
        return Path(f"/proc/self/fd/{self._file.fileno()}")

    def write(self, data: bytes) -> None:
        """Take more of it. Raises CannotWriteError, and BodyRefusedError 413 when it becomes too large."""
        self.size += len(data)
        check_size(self.size, self._limit())
        self._digest.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    def finish(self) -> None:
        """All has come: whoever opens `path` sees it all. Raises CannotWriteError."""
        try:
            self._file.flush()
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    def close(self) -> None:
        """Forget it."""
        try:
            self._file.close()
        except OSError:
            # On a full disk closing writes the rest and fails; the file is closed nevertheless, and nobody wants it.
            return


def check_size(size: int, most: int) -> None:
    """Raises BodyRefusedError 413 above `most` bytes."""
    if size > most:
        raise BodyRefusedError(
            413,
            "too-large",
            f"At most {most:,} bytes are taken here: send it in parts, each complete in itself.",
            headers={"Connection": "close"},
        )
