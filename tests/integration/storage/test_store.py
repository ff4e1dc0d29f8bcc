"""What every store keeps to, whether a folder or an S3 server."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from worker.errors import BadDocumentError
from worker.storage.originals import Originals
from worker.storage.store import Store

ODD_KEYS = [
    "requests/A%2F7/manifest.json",
    "requests/%2E%2E/manifest.json",
    "requests/two%20words/0123456789abcdef.pdf",
    "plain words/ü~$&+,;=@!'()*.pdf",
    "a/-/_/b.c",
]


def local(folder: Path, data: bytes, name: str = "given") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_what_was_put_is_read_back_in_every_way(store: Store, tmp_path: Path) -> None:
    data = os.urandom(100_000)

    store.put("requests/R1/a.pdf", local(tmp_path, data))
    store.put("requests/R1/manifest.json", b"{}")

    assert store.read("requests/R1/a.pdf") == data
    assert store.size("requests/R1/a.pdf") == len(data)
    assert store.sha256("requests/R1/a.pdf") == hashlib.sha256(data).hexdigest()
    assert store.sha256("requests/R1/manifest.json") == hashlib.sha256(b"{}").hexdigest()
    with store.as_file("requests/R1/a.pdf") as path:
        assert path.read_bytes() == data


def test_what_is_not_there_is_none(store: Store) -> None:
    store.put("requests/R1/a.pdf", b"page")

    store.remove("requests/R1/never-was.pdf")

    for key in ("requests/R1/b.pdf", "requests/R1/a.pdf/deeper", "requests/R1", "nothing/at/all"):
        assert (store.read(key), store.size(key), store.sha256(key)) == (None, None, None)
        with pytest.raises(FileNotFoundError), store.as_file(key):
            pass
        with pytest.raises(FileNotFoundError), store.as_file(key, "ab" * 32):
            pass


def test_put_writes_over_what_was_there(store: Store, tmp_path: Path) -> None:
    store.put("a/manifest.json", b"the old text, which is longer")

    store.put("a/manifest.json", local(tmp_path, b"new"))

    assert store.read("a/manifest.json") == b"new"
    assert store.sha256("a/manifest.json") == hashlib.sha256(b"new").hexdigest()


def test_empty_bytes_are_bytes(store: Store, tmp_path: Path) -> None:
    store.put("a/one", b"")
    store.put("a/two", local(tmp_path, b""))

    assert (store.read("a/one"), store.size("a/two")) == (b"", 0)
    with store.as_file("a/two") as path:
        assert path.read_bytes() == b""


@pytest.mark.parametrize("key", ODD_KEYS)
def test_key_keeps_its_characters(store: Store, key: str) -> None:
    store.put(key, b"page")

    assert store.read(key) == b"page"
    assert list(store.keys(key.rpartition("/")[0])) == [key]
    store.remove(key)
    assert store.read(key) is None


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../out", "a/../../out", "a//b", "a/", "a/.unfinished-x", "a\0b"])
def test_no_key_leads_out_of_the_store(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        store.put(key, b"page")
    with pytest.raises(ValueError, match="no key"):
        store.read(key)


def test_keys_are_those_below_the_folder_in_order(store: Store) -> None:
    for key in ("b/2", "b/10", "b/c/1", "bb/1", "a/1", "b.txt"):
        store.put(key, b"")

    assert list(store.keys("b")) == ["b/10", "b/2", "b/c/1"]
    assert list(store.keys("nothing")) == []
    assert list(store.keys("")) == ["a/1", "b.txt", "b/10", "b/2", "b/c/1", "bb/1"]


def test_new_keeps_what_is_there_and_mends_what_is_broken(store: Store, tmp_path: Path) -> None:
    store.put("a/whole", b"page one")
    store.put("a/broken", b"page")

    store.put_new("a/whole", local(tmp_path, b"PAGE TWO"))
    store.put_new("a/broken", local(tmp_path, b"page one"))
    store.put_new("a/absent", local(tmp_path, b"page one"))

    assert [store.read(f"a/{name}") for name in ("whole", "broken", "absent")] == [b"page one"] * 3


def test_new_file_is_gone_after_its_block_and_never_a_key(store: Store) -> None:
    with store.new_file() as draft:
        draft.write_bytes(b"half a page")
        assert draft.stat().st_mode & 0o077 == 0
        assert list(store.keys("")) == []
    with store.new_file() as second:
        second.write_bytes(b"page")
        store.put("a/b", second)

    assert not draft.exists()
    assert not second.exists()
    assert store.read("a/b") == b"page"


def test_given_file_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    given = local(tmp_path, b"page")

    store.put("a/b", given)
    store.put_new("a/c", given)

    assert given.read_bytes() == b"page"


def test_writers_at_once_leave_one_whole_version(store: Store, tmp_path: Path) -> None:
    versions = [bytes([letter]) * 300_000 for letter in b"abcd"]
    files = [local(tmp_path, data, f"v{number}") for number, data in enumerate(versions)]
    seen: list[bytes | None] = []

    def write(path: Path) -> None:
        for _ in range(5):
            store.put("a/b", path)
            seen.append(store.read("a/b"))

    threads = [threading.Thread(target=write, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 20
    assert {*seen} <= {*versions}


def test_originals_are_kept_and_handed_out(store: Store, tmp_path: Path) -> None:
    data = os.urandom(70_000)
    originals = Originals(store, "originals/")

    kept = originals.keep(local(tmp_path, data))
    again = originals.keep(local(tmp_path, data, "again"))

    assert kept == again
    assert list(store.keys("")) == [f"originals/{kept.sha256[:2]}/{kept.sha256}"]
    with originals.local(kept.sha256) as path, originals.local(kept.sha256) as same:
        assert path.read_bytes() == same.read_bytes() == data
    with pytest.raises(BadDocumentError, match="gone from the store"), originals.local("ab" * 32):
        pass
