"""Catches what C libraries write to file descriptor 2: libtiff reports damage there and nowhere else."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

#: libtiff can complain twice about each row of a page.
MOST_BYTES = 4_000_000


class Overheard:
    """What was written to file descriptor 2 while it was caught; `text` is complete after the block."""

    text: str = ""


@contextmanager
def overhear_fd2() -> Iterator[Overheard]:
    """Redirects file descriptor 2 of this process to a temporary file for the length of the block.

    Belongs into a single-threaded child process only: other threads' messages would be caught as well.
    """
    overheard = Overheard()
    with tempfile.TemporaryFile() as catch:
        kept = os.dup(2)
        os.dup2(catch.fileno(), 2)
        try:
            yield overheard
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            catch.seek(0)
            overheard.text = catch.read(MOST_BYTES).decode("utf-8", "replace")
