"""Writing files whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from worker.errors import CannotWriteError
from worker.storage.whole import new_whole_file, remove_unfinished, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half(target: Path, error: Exception) -> None:
    with new_whole_file(target) as stream:
        stream.write(b"half")
        raise error


def test_text_replaces_what_was_there_for_the_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "pages.csv"
    write_whole(target, "old")

    write_whole(target, "neu é")

    assert target.read_bytes() == "neu é".encode()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert names(target.parent) == ["pages.csv"]


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_whole(target, b"old")

    with pytest.raises(RuntimeError):
        write_half(target, RuntimeError())

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.json"]


def test_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError, match="No space left"):
        write_half(tmp_path / "a", OSError(errno.ENOSPC, "No space left on device"))

    assert names(tmp_path) == []


def test_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")

    with pytest.raises(CannotWriteError, match="out"):
        write_whole(tmp_path / "out" / "a.csv", "text")


def test_leftovers_of_a_killed_run_go_and_results_stay(tmp_path: Path) -> None:
    write_whole(tmp_path / "requests" / "a.pdf", b"result")
    (tmp_path / "requests" / ".unfinished-abc").write_bytes(b"half")

    removed = remove_unfinished(tmp_path)

    assert removed == 1
    assert names(tmp_path / "requests") == ["a.pdf"]


def test_what_may_still_be_written_is_left_alone(tmp_path: Path) -> None:
    old, young = tmp_path / ".unfinished-old", tmp_path / "a" / ".unfinished-young"
    young.parent.mkdir()
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))

    removed = remove_unfinished(tmp_path, older_than=60.0)

    assert removed == 1
    assert (old.exists(), young.exists()) == (False, True)
