"""Which store an address means."""

from pathlib import Path

from worker.errors import BadSettingsError
from worker.storage.file_cache import FileCache
from worker.storage.folder_store import FolderStore
from worker.storage.store import Store

#: Bytes of local copies of a distant store, unless told otherwise: some 100,000 faxes.
CACHE_BYTES = 10 << 30


def open_store(address: str, endpoint: str = "", *, cache: Path, cache_bytes: int = CACHE_BYTES) -> Store:
    """The store in a folder or at s3://bucket/prefix; nothing is made or asked before its first use.

    `endpoint` is the URL of an S3-compatible server, Amazon's unless given; the credentials are what the library finds
    (AWS_ACCESS_KEY_ID and its kin). `cache` is a local folder for copies of what the server keeps, bounded by
    `cache_bytes`. Raises BadSettingsError.
    """
    scheme, mark, rest = address.partition("://")
    if not mark:
        return FolderStore(Path(address))
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise BadSettingsError(f"{scheme}://... is no store: give a folder or s3://bucket/prefix (PIGEONHOLE_STORE)")
    from worker.storage.object_store import ObjectStore  # noqa: PLC0415 - native code, only where it is used

    return ObjectStore(bucket, prefix.strip("/"), endpoint, FileCache(cache, cache_bytes))
