"""Originals by content hash."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from worker.errors import BadDocumentError, CannotWriteError, UnreachableError
from worker.storage.folder_store import FolderStore
from worker.storage.originals import CHUNK, Kept, Originals


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK * 2 + 7])
def test_bytes_are_kept_under_their_hash(tmp_path: Path, size: int) -> None:
    given = tmp_path / "fax.tif"
    given.write_bytes(os.urandom(size))
    originals = Originals(tmp_path / "originals")

    kept = originals.keep(given)

    assert kept == Kept(hashlib.sha256(given.read_bytes()).hexdigest(), size)
    path = originals.path_of(kept.sha256)
    assert path.read_bytes() == given.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list((tmp_path / "originals").glob(".*")) == []


def test_what_is_kept_is_not_written_again(tmp_path: Path) -> None:
    given = tmp_path / "fax.tif"
    given.write_bytes(b"page")
    originals = Originals(tmp_path / "originals")
    path = originals.path_of(originals.keep(given).sha256)
    before = path.stat()

    originals.keep(given)

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_half_a_file_left_by_a_broken_disk_is_mended(tmp_path: Path) -> None:
    given = tmp_path / "fax.tif"
    given.write_bytes(b"the whole page")
    originals = Originals(tmp_path / "originals")
    path = originals.path_of(originals.keep(given).sha256)
    path.write_bytes(b"the wh")

    originals.keep(given)

    assert path.read_bytes() == b"the whole page"


def test_given_file_is_left_untouched(tmp_path: Path) -> None:
    given = tmp_path / "fax.tif"
    given.write_bytes(b"page")
    given.chmod(0o444)
    before = given.stat()

    Originals(tmp_path / "originals").keep(given)

    after = given.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_ino) == (before.st_mode, before.st_mtime_ns, before.st_ino)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    originals = Originals(tmp_path / "originals")

    for name in ("pipe", "folder", "nowhere", "loop", "never-was"):
        with pytest.raises(BadDocumentError, match="cannot be read"):
            originals.keep(tmp_path / name)

    with pytest.raises(BadDocumentError, match="device"):
        originals.keep(Path("/dev/zero"))


def test_place_that_cannot_be_written_is_not_the_senders_fault(tmp_path: Path) -> None:
    given = tmp_path / "fax.tif"
    given.write_bytes(b"page")
    (tmp_path / "originals").write_text("a file in the way")

    with pytest.raises(CannotWriteError):
        Originals(tmp_path / "originals").keep(given)


def test_original_that_is_gone_is_told_apart_from_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"page")
    originals = Originals(FolderStore(tmp_path / "store"), "originals/")
    kept = originals.keep(tmp_path / "fax.tif")
    folder = tmp_path / "store" / "originals"

    with pytest.raises(BadDocumentError, match="backup"), originals.local("ab" * 32):
        pass
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UnreachableError, match="mounted"), originals.local(kept.sha256):
        pass
    folder.mkdir()
    with pytest.raises(UnreachableError, match="mounted"), originals.local(kept.sha256):
        pass
    folder.rmdir()
    (tmp_path / "elsewhere").rename(folder)
    with originals.local(kept.sha256) as path:
        assert path.read_bytes() == b"page"
