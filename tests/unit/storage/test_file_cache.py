"""Local copies of what lies in a distant store."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from worker.errors import CannotWriteError, UnreachableError
from worker.storage.file_cache import ABANDONED, Fetch, FileCache

HOLDER = """
import sys
from pathlib import Path
from worker.storage.file_cache import FileCache
with FileCache(Path(sys.argv[1]), 10).copy(sys.argv[2], 4, None):
    print("held", flush=True)
    sys.stdin.read()
"""


def bytes_with_hash(text: str) -> tuple[str, bytes]:
    data = text.encode()
    return hashlib.sha256(data).hexdigest(), data


def gives(data: bytes) -> Fetch:
    def fetch(target: BinaryIO) -> None:
        target.write(data)

    return fetch


def fetches_nothing(target: BinaryIO) -> None:
    raise AssertionError("it was here already")


def keep(cache: FileCache, text: str) -> Path:
    sha256, data = bytes_with_hash(text)
    with cache.copy(sha256, len(data), gives(data)) as path:
        return path


def test_copy_is_fetched_once_and_for_the_owner_only(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "cache", 100)
    sha256, data = bytes_with_hash("page")
    keep(cache, "page")

    with cache.copy(sha256, 4, fetches_nothing) as path:
        assert path.read_bytes() == data
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_oldest_goes_when_room_is_needed(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 10)
    old, new = keep(cache, "old."), keep(cache, "new.")
    os.utime(new, (1, 1))
    keep(cache, "old.")  # used again: now it is the younger

    third = keep(cache, "more")

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([old.name, third.name])


def test_copy_in_use_stays_whatever_comes(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 10)
    sha256, data = bytes_with_hash("page")

    with cache.copy(sha256, 4, gives(data)) as path:
        for number in range(5):
            keep(cache, f"other{number}")
        assert path.read_bytes() == data

    cache.make_room(10)
    assert list(tmp_path.iterdir()) == []


def test_copy_in_use_by_another_process_stays_until_that_is_killed(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 10)
    path = keep(cache, "page")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), path.name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        cache.make_room(10)
        assert path.exists()
        holder.kill()

    cache.make_room(10)

    assert not path.exists()


def test_child_that_was_forked_meanwhile_holds_nothing(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 10)
    path = keep(cache, "page")
    with cache.copy(path.name, 4, fetches_nothing):
        child = os.fork()
        if child == 0:
            signal.pause()

    cache.make_room(10)

    assert not path.exists()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_other_bytes_than_meant_are_not_handed_out(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)
    sha256, _ = bytes_with_hash("page")

    with pytest.raises(UnreachableError, match="other bytes"), cache.copy(sha256, 4, gives(b"pagE")):
        pass

    assert list(tmp_path.iterdir()) == []


def test_fetch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def breaks_off(error: Exception) -> Fetch:
        def fetch(target: BinaryIO) -> None:
            target.write(b"pa")
            raise error

        return fetch

    cache = FileCache(tmp_path, 100)
    kinds: list[tuple[Exception, type[Exception]]] = [
        (UnreachableError("the store", "no connection"), UnreachableError),
        (FileNotFoundError("gone"), FileNotFoundError),
        (OSError(28, "No space left on device"), CannotWriteError),
    ]

    for raised, expected in kinds:
        with pytest.raises(expected), cache.copy("ab" * 32, 4, breaks_off(raised)):
            pass

    assert list(tmp_path.iterdir()) == []


def test_unfinished_files_go_once_nobody_can_be_writing_them(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)
    killed, alive = tmp_path / ".unfinished-1", tmp_path / ".unfinished-2"
    for path in (killed, alive):
        path.write_bytes(b"half")
    long_ago = time.time() - ABANDONED - 1
    os.utime(killed, (long_ago, long_ago))

    cache.make_room(0)

    assert list(tmp_path.iterdir()) == [alive]


def test_many_at_once_all_see_the_bytes(tmp_path: Path) -> None:
    texts = [f"page {number}" for number in range(6)]
    wrong: list[str] = []

    def read(cache: FileCache, order: Callable[[list[str]], list[str]]) -> None:
        for text in order(texts) * 20:
            sha256, data = bytes_with_hash(text)
            with cache.copy(sha256, len(data), gives(data)) as path:
                if path.read_bytes() != data:
                    wrong.append(text)

    orders: list[Callable[[list[str]], list[str]]] = [list, lambda given: given[::-1], sorted, lambda g: g[3:] + g[:3]]
    threads = [threading.Thread(target=read, args=(FileCache(tmp_path, 15), order)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 15 + 3 * len("page 0")
