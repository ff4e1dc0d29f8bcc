"""Pictures of pages in the site's store: made from the originals, so that losing them costs time only."""

import threading
from collections import OrderedDict
from collections.abc import Collection

from worker.domain.picture import PictureSize, Pose
from worker.storage.folder_store import FolderStore
from worker.storage.store import Store

#: Bytes of pictures that a process keeps of a distant store: some hundred pages. Nothing of it goes to disk.
MOST_REMEMBERED = 64 << 20
PREFIX = "pictures"


def folder_of(sha256: str) -> str:
    """Where the pictures of a document stand in the store."""
    return f"{PREFIX}/{sha256[:2]}/{sha256}"


def key_of(sha256: str, pose: Pose, size: PictureSize) -> str:
    """The name of a picture: another way of drawing or another reading of the page gives another."""
    return f"{folder_of(sha256)}/{pose.number:04d}-{pose.mark}-{size.value}"


class Pictures:
    """The pictures of all documents of a site. Safe to use from several threads."""

    def __init__(self, store: Store, most_remembered: int = MOST_REMEMBERED) -> None:
        self._store = store
        self._most = 0 if isinstance(store, FolderStore) else most_remembered
        self._remembered: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def find(self, sha256: str, pose: Pose, size: PictureSize) -> bytes | None:
        """The picture as PNG or JPEG; None: not drawn yet. Raises UnreachableError."""
        key = key_of(sha256, pose, size)
        with self._lock:
            known = self._remembered.get(key)
            if known is not None:
                self._remembered.move_to_end(key)
                return known
        found = self._store.read(key)
        if found is not None:
            self._remember(key, found)
        return found

    def keep(self, sha256: str, pose: Pose, size: PictureSize, picture: bytes) -> None:
        """Raises UnreachableError and CannotWriteError."""
        key = key_of(sha256, pose, size)
        self._store.put(key, picture)
        self._remember(key, picture)

    def load_keys(self, sha256: str) -> frozenset[str]:
        """The names of the pictures that a document has."""
        return frozenset(self._store.keys(folder_of(sha256)))

    def remove(self, keys: Collection[str]) -> None:
        """Let go of pictures that nobody asks for any more."""
        for key in keys:
            self._store.remove(key)

    def _remember(self, key: str, picture: bytes) -> None:
        if len(picture) > self._most:
            return
        with self._lock:
            self._held += len(picture) - len(self._remembered.pop(key, b""))
            self._remembered[key] = picture
            while self._held > self._most:
                self._held -= len(self._remembered.popitem(last=False)[1])
