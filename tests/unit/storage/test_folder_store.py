"""A store in a local folder: what only a folder has to keep to."""

import contextlib
import resource
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.errors import BadSettingsError, CannotWriteError, UnreachableError
from worker.storage.folder_store import FolderStore
from worker.storage.object_store import ObjectStore
from worker.storage.opening import open_store
from worker.storage.originals import Originals


def test_keys_are_paths_for_the_owner_only(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")

    store.put("requests/R1/manifest.json", b"{}")

    path = tmp_path / "out" / "requests" / "R1" / "manifest.json"
    assert path.read_bytes() == b"{}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:3]} == {0o700}


def test_draft_is_moved_and_not_copied(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.new_file() as draft:
        draft.write_bytes(b"page")
        inode = draft.stat().st_ino

        store.put("review/a.pdf", draft)

    assert (tmp_path / "review" / "a.pdf").stat().st_ino == inode
    assert [path.name for path in tmp_path.iterdir()] == ["review"]


def test_empty_folders_go_but_for_those_at_the_top(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for key in ("requests/R1/a.pdf", "requests/R2/a.pdf", "review/a.pdf", "pages.csv"):
        store.put(key, b"x")
    (tmp_path / "requests" / "R2" / "note.txt").write_text("mine")

    for key in list(store.keys("")):
        if not key.endswith("note.txt"):
            store.remove(key)

    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert left == ["requests", "requests/R2", "requests/R2/note.txt", "review"]


def test_disk_that_fails_is_not_an_absent_key(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")  # any error of the system but "there is nothing"

    for ask in (store.read, store.size, store.sha256):
        with pytest.raises(UnreachableError):
            ask("loop")


def test_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    given = tmp_path / "given"
    given.write_bytes(b"page")
    store = FolderStore(tmp_path / "out")

    for source in (b"page", given):
        with pytest.raises(CannotWriteError):
            store.put("a/b", source)
    with pytest.raises(CannotWriteError), store.new_file():
        pass


def test_full_disk_changes_nothing_and_is_told(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("a/b", b"old")
    given = tmp_path / "given"
    given.write_bytes(bytes(300_000))

    with files_of_at_most(100_000):
        for write in (
            lambda: store.put("a/b", given),
            lambda: store.put("a/b", bytes(300_000)),
            lambda: store.put_new("a/c", given),
            lambda: Originals(store, "originals/").keep(given),
        ):
            with pytest.raises(CannotWriteError):
                write()

    assert store.read("a/b") == b"old"
    assert sorted(path.name for path in (tmp_path / "store").rglob("*")) == ["a", "b"]


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel refuses larger files, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_address_says_which_store(tmp_path: Path) -> None:
    folder = open_store(str(tmp_path), cache=tmp_path)
    objects = open_store("s3://mail/payer/", "http://localhost:9000", cache=tmp_path)

    assert isinstance(folder, FolderStore)
    assert folder.root == tmp_path
    assert isinstance(objects, ObjectStore)
    for address in ("s3://", "ftp://host/path", "s3:///prefix"):
        with pytest.raises(BadSettingsError, match="no store"):
            open_store(address, cache=tmp_path)
