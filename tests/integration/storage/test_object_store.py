"""A store on an S3 server: what does not answer is not lost, large files need little memory, a kill leaves nothing."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders.object_server import PREFIX, ObjectServer, running_object_server
from worker.errors import BadDocumentError, UnreachableError
from worker.storage.file_cache import FileCache
from worker.storage.object_store import ObjectStore
from worker.storage.originals import Originals

LARGE = 60 << 20
#: Resident memory that a put and a read of the large file may add: parts under way, and what the allocator keeps.
MEMORY_FOR_LARGE = 40 << 20
KEPT_OPEN = """
import sys
from pathlib import Path
from worker.storage.file_cache import FileCache
from worker.storage.object_store import ObjectStore
endpoint, bucket, cache, given = sys.argv[1:]
store = ObjectStore(bucket, "payer", endpoint, FileCache(Path(cache), 1 << 30))
"""
PUT_LARGE = KEPT_OPEN + 'store.put("a/large", Path(given))'
MEASURE_LARGE = (
    KEPT_OPEN
    + """
import hashlib, resource
store.put("a/small", b"page")
store.read("a/small")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
before = peak()
store.put("a/large", Path(given))
with store.as_file("a/large", sys.stdin.read()) as path:
    assert path.stat().st_size == Path(given).stat().st_size
print(peak() - before)
"""
)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "fax.tif"
    with path.open("wb") as stream:
        for _ in range(LARGE >> 20):
            stream.write(os.urandom(1 << 20))
    return path


def hash_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def test_keys_lie_below_the_prefix(server: ObjectServer, objects: ObjectStore) -> None:
    objects.put("requests/A%2F7/manifest.json", b"{}")

    assert server.keys() == [f"{PREFIX}/requests/A%2F7/manifest.json"]


def test_large_file_passes_through_little_memory(server: ObjectServer, tmp_path: Path, large: Path) -> None:
    command = [sys.executable, "-c", MEASURE_LARGE, server.endpoint, server.bucket, str(tmp_path / "cache"), str(large)]

    done = subprocess.run(command, input=hash_of(large), capture_output=True, text=True, timeout=60, check=True)

    assert int(done.stdout) < MEMORY_FOR_LARGE


def test_put_that_is_killed_in_the_middle_changes_nothing(
    server: ObjectServer, objects: ObjectStore, tmp_path: Path, large: Path
) -> None:
    objects.put("a/large", b"as it was")
    command = [sys.executable, "-c", PUT_LARGE, server.endpoint, server.bucket, str(tmp_path / "cache"), str(large)]

    with subprocess.Popen(command) as writer:
        until = time.monotonic() + 30
        while not server.admin.list_multipart_uploads(Bucket=server.bucket).get("Uploads") and time.monotonic() < until:
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)

    assert writer.returncode == -signal.SIGKILL
    assert objects.read("a/large") == b"as it was"
    assert list(objects.keys("a")) == ["a/large"]


def test_hash_of_what_somebody_else_put_is_counted(server: ObjectServer, objects: ObjectStore) -> None:
    server.admin.put_object(Bucket=server.bucket, Key=f"{PREFIX}/a/b", Body=b"page")

    assert objects.sha256("a/b") == hashlib.sha256(b"page").hexdigest()


def test_original_with_other_bytes_is_not_handed_out(server: ObjectServer, objects: ObjectStore) -> None:
    sha256 = hashlib.sha256(b"page").hexdigest()
    objects.put(f"{sha256[:2]}/{sha256}", b"pagE")

    with pytest.raises(UnreachableError, match="other bytes"), Originals(objects).local(sha256):
        pass


def test_original_is_fetched_once(server: ObjectServer, objects: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"page")
    originals = Originals(objects)
    kept = originals.keep(tmp_path / "fax.tif")
    with originals.local(kept.sha256) as first:
        inode = first.stat().st_ino

    with originals.local(kept.sha256) as second:
        assert second.stat().st_ino == inode


def test_original_that_is_gone_is_told_apart_from_a_bucket_that_is_gone(server: ObjectServer, tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"page")
    cache = FileCache(tmp_path / "cache", 1 << 20)
    here = Originals(ObjectStore(server.bucket, PREFIX, server.endpoint, cache))
    nowhere = Originals(ObjectStore("no-such-bucket", PREFIX, server.endpoint, cache))

    with pytest.raises(UnreachableError, match="no original at all"), here.local("ab" * 32):
        pass
    here.keep(tmp_path / "fax.tif")
    with pytest.raises(BadDocumentError), here.local("ab" * 32):
        pass
    with pytest.raises(UnreachableError, match="NoSuchBucket"), nowhere.local("ab" * 32):
        pass


def test_bucket_that_goes_while_we_work_does_not_pass_for_lost_keys(tmp_path: Path) -> None:
    with running_object_server() as server:
        store = server.store(tmp_path / "cache")
        store.put("a/b", b"page")
        server.empty()
        server.admin.delete_bucket(Bucket=server.bucket)

        with pytest.raises(UnreachableError, match="NoSuchBucket"):
            store.read("a/b")
        with pytest.raises(UnreachableError):
            store.put("a/b", b"page")
        with pytest.raises(UnreachableError, match="NoSuchBucket"):
            store.as_file("a/b")


def each_way(store: ObjectStore, given: Path) -> None:
    """Every call in turn must say that the server does not answer."""
    for call in (
        lambda: store.put("a/b", b"page"),
        lambda: store.put_new("a/b", given),
        lambda: store.read("a/b"),
        lambda: store.size("a/b"),
        lambda: store.sha256("a/b"),
        lambda: store.remove("a/b"),
        lambda: list(store.keys("a")),
        lambda: store.as_file("a/b"),
        lambda: store.as_file("a/b", "ab" * 32),
    ):
        with pytest.raises(UnreachableError):
            call()


def test_server_that_stopped_is_unreachable_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"page")
    with running_object_server() as server:
        store = server.store(tmp_path / "cache", patience=0.5)
        store.put("a/b", b"page")

    each_way(store, tmp_path / "fax.tif")

    assert [path.name for path in (tmp_path / "cache").glob("*")] == []


def test_server_that_never_answers_costs_ten_seconds_at_most(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = ObjectStore(
            "mailroom", PREFIX, f"http://127.0.0.1:{silent.getsockname()[1]}", FileCache(tmp_path, 1 << 20)
        )
        started = time.monotonic()

        with pytest.raises(UnreachableError, match="too long"):
            store.read("a/b")

        assert time.monotonic() - started < 11


def test_server_that_hangs_is_unreachable_in_every_call(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"page")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = ObjectStore("mailroom", PREFIX, endpoint, FileCache(tmp_path / "cache", 1 << 20), patience=0.2)

        each_way(store, tmp_path / "fax.tif")


def test_store_refuses_to_work_in_a_forked_child(objects: ObjectStore) -> None:
    objects.put("a/b", b"page")

    child = os.fork()
    if child == 0:
        try:
            objects.read("a/b")
        except RuntimeError:
            os._exit(3)
        finally:
            os._exit(4)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 3
