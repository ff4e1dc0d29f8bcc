"""A store on an S3-compatible server.

The server's user needs to get, put, delete and list: without the right to list, a server answers "forbidden" where a
key is not there. No reader sees the parts of uploads that a killed process left; a lifecycle rule of the bucket
removes them (AbortIncompleteMultipartUpload).
"""

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore import exceptions
from obstore.store import S3Store

from worker.errors import UnreachableError
from worker.storage.file_cache import FileCache
from worker.storage.store import checked_key
from worker.storage.whole import cannot_write

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

#: Bytes in one request, so that each ends within the patience: S3 allows no smaller parts.
PART = 5 << 20
#: Parts under way at a time.
PARTS_AT_ONCE = 2
#: S3 allows 10,000 parts; beyond this a file needs larger ones.
MOST_PARTS = 9_000
#: Where the SHA-256 stands beside the bytes: to learn it costs no reading.
HASH_NOTE = "sha256"
#: What obstore raises: it gives Python's own errors where there are some.
FAILURES = (exceptions.BaseError, OSError)


class ObjectStore:
    """Implements Store. `patience` is how long a request may take, in seconds; lost connections are tried again.

    The library does not survive a fork: the first call makes the connections, and they belong to that process.
    """

    def __init__(self, bucket: str, prefix: str, endpoint: str, cache: FileCache, *, patience: float = 7.0) -> None:
        self._bucket, self._prefix, self._endpoint = bucket, prefix, endpoint
        self._cache = cache
        self._patience = patience
        self._server: S3Store | None = None
        self._process = 0

    def put(self, key: str, source: bytes | Path) -> None:
        """See Store."""
        if isinstance(source, bytes):
            note = {HASH_NOTE: hashlib.sha256(source).hexdigest()}
            with _asking():
                obstore.put(self._connected(), checked_key(key), source, attributes=note, use_multipart=False)
            return
        with source.open("rb") as stream:
            note = {HASH_NOTE: hashlib.file_digest(stream, "sha256").hexdigest()}
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            part = max(PART, size // MOST_PARTS)
            with _asking():
                obstore.put(
                    self._connected(), checked_key(key), stream, attributes=note,
                    chunk_size=part, max_concurrency=PARTS_AT_ONCE,
                )  # fmt: skip

    def put_new(self, key: str, path: Path) -> None:
        """See Store. Two who put the same at once do no harm: the key names the content."""
        if self.size(key) != path.stat().st_size:
            self.put(key, path)

    def read(self, key: str) -> bytes | None:
        """See Store."""
        with contextlib.suppress(FileNotFoundError), _asking(may_be_absent=True):
            return bytes(obstore.get(self._connected(), checked_key(key)).bytes())
        return None

    def size(self, key: str) -> int | None:
        """See Store."""
        with contextlib.suppress(FileNotFoundError), _asking(may_be_absent=True):
            return obstore.head(self._connected(), checked_key(key))["size"]
        return None

    def sha256(self, key: str) -> str | None:
        """See Store. Of what somebody else put there the bytes are read."""
        with contextlib.suppress(FileNotFoundError), _asking(may_be_absent=True):
            noted = obstore.get(self._connected(), checked_key(key), options={"head": True}).attributes.get(HASH_NOTE)
            return noted or self._counted_hash(key)
        return None

    def remove(self, key: str) -> None:
        """See Store."""
        with contextlib.suppress(FileNotFoundError), _asking(may_be_absent=True):
            obstore.delete(self._connected(), checked_key(key))

    def keys(self, folder: str) -> Iterator[str]:
        """See Store."""
        prefix = checked_key(folder) if folder else None
        with _asking():
            batches = iter(obstore.list(self._connected(), prefix))
        while True:
            with _asking():
                batch = next(batches, ())
            if not batch:
                return
            yield from (entry["path"] for entry in batch)

    def as_file(self, key: str, sha256: str = "") -> AbstractContextManager[Path]:
        """See Store. Where the SHA-256 is given, it is checked, and the copy stays for the next who asks."""
        size = self.size(key)
        if size is None:
            self._look_for_bucket(self._connected())
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key)
        if sha256:
            return self._cache.copy(sha256, size, lambda stream: self._fetch(key, stream))
        return self._fetched(key)

    def new_file(self) -> AbstractContextManager[Path]:
        """See Store."""
        return self._cache.new_file()

    @contextlib.contextmanager
    def _fetched(self, key: str) -> Iterator[Path]:
        with self._cache.new_file() as path:
            try:
                with path.open("wb") as stream:
                    self._fetch(key, stream)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise cannot_write(path.parent, error) from error
            yield path

    def _counted_hash(self, key: str) -> str:
        digest = hashlib.sha256()
        for part in self._parts(key):
            digest.update(part)
        return digest.hexdigest()

    def _fetch(self, key: str, target: BinaryIO) -> None:
        for part in self._parts(key):
            target.write(part)

    def _parts(self, key: str) -> Iterator[bytes]:
        """The bytes in order: one request for all of a large file could not be told from one that hangs."""
        with _asking(may_be_absent=True):
            server = self._connected()
            found = obstore.head(server, checked_key(key))
        for start in range(0, found["size"], PART):
            with _asking():
                # Never parts of two versions: the tag tells them apart.
                part = obstore.get(server, key, options={"range": (start, start + PART), "if_match": found["e_tag"]})
                data = bytes(part.bytes())
            yield data

    def _connected(self) -> S3Store:
        if self._server is None:
            server = self._connect()
            self._look_for_bucket(server)
            self._server, self._process = server, os.getpid()
        if self._process != os.getpid():
            raise RuntimeError("the store was used before this process was forked: fork first, or spawn")
        return self._server

    def _look_for_bucket(self, server: S3Store) -> None:
        """A bucket that is not there must not pass for keys that are not there: HEAD gives the same for both."""
        with _asking():
            next(iter(obstore.list(server, ".none", chunk_size=1)), None)

    def _connect(self) -> S3Store:
        patience = timedelta(seconds=self._patience)
        client: ClientConfig = {
            "timeout": patience,
            "connect_timeout": patience / 2,
            "allow_http": self._endpoint.startswith("http://"),
        }
        # Nothing is tried again after this, so a call takes at most the patience and a half.
        retry: RetryConfig = {"max_retries": 3, "retry_timeout": patience / 2}
        config: S3Config = {"endpoint": self._endpoint} if self._endpoint else {}
        return S3Store(
            self._bucket, prefix=self._prefix or None, config=config, client_options=client, retry_config=retry
        )


@contextlib.contextmanager
def _asking(*, may_be_absent: bool = False) -> Iterator[None]:
    """Whatever a server says but "it is not there" (FileNotFoundError) is no answer to what was asked."""
    try:
        yield
    except FAILURES as error:
        text = str(error)
        if may_be_absent and isinstance(error, FileNotFoundError) and "NoSuchBucket" not in text:
            raise
        raise UnreachableError("the store", _why(text)) from error


def _why(text: str) -> str:
    """The clause of the library's account that says what failed, without keys and addresses."""
    if code := re.search(r"<Code>(\w+)</Code>", text):
        return code[1]
    if status := re.search(r"status code: (\d+)", text):
        return f"status {status[1]}"
    return "it took too long" if "TimedOut" in text else "no connection"
