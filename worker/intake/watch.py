"""Watching a hot folder until told to stop: one watcher at a time, and patience while nothing can be taken."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from worker.errors import CannotWriteError, UnreachableError
from worker.intake.accept import Accept
from worker.intake.hot_folder import HotFolder, WatchOptions
from worker.intake.hot_folder_listing import CLAIMED
from worker.intake.watch_told import LogOnly, Told
from worker.storage.lock import hold_folder
from worker.storage.whole import cannot_write

#: Longest pause after failures, in seconds.
_LONGEST_PAUSE = 60.0


def watch_folder(
    folder: Path, accept: Accept, options: WatchOptions, stop: threading.Event, tell: Told | None = None
) -> int:
    """Take in what comes into `folder`, which exists, until `stop` is set; returns how many files it still waited for.

    While the disk is full, a server is down or the share is gone, everything stays where it is and is tried again.
    With `options.once` such errors are raised instead (CannotWriteError, UnreachableError). Raises InUseError when
    another watcher has the folder, and CannotWriteError when it cannot be locked.
    """
    folder = folder.absolute()
    told = tell or LogOnly(options.line)
    with _sole_watcher(folder):
        hot = HotFolder(folder, accept, options, told)
        failures = 0
        while not stop.is_set():
            why = _look(hot, folder, options, stop)
            if why:
                failures += 1
                told.held(why)
                stop.wait(min(_LONGEST_PAUSE, options.every * 2.0 ** min(failures, 10)))
                continue
            if failures:
                told.goes_on()
            failures = 0
            if options.once and not hot.waiting:
                break
            stop.wait(options.every)
        return hot.waiting


def _look(hot: HotFolder, folder: Path, options: WatchOptions, stop: threading.Event) -> str:
    """One look; why nothing can be taken, empty when all is well."""
    try:
        hot.look(time.monotonic(), stop)
    except (CannotWriteError, UnreachableError) as error:
        if options.once:
            raise
        return str(error)
    except OSError as error:
        gone = UnreachableError(str(folder), f"{os.strerror(error.errno or 0).lower()}: is the share mounted?")
        if options.once:
            raise gone from error
        return str(gone)
    return ""


@contextlib.contextmanager
def _sole_watcher(folder: Path) -> Iterator[None]:
    """The kernel's lock: a killed watcher leaves the folder free."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold_folder(folder / CLAIMED))
        except OSError as error:  # a share that was mounted without locks
            raise cannot_write(folder / CLAIMED, error) from error
        yield
