"""Stores to test: a folder, and a bucket of a real S3 server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.object_server import ObjectServer, running_object_server
from worker.storage.folder_store import FolderStore
from worker.storage.object_store import ObjectStore
from worker.storage.store import Store


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ObjectServer]:
    with running_object_server() as server:
        yield server


@pytest.fixture
def server(shared_server: ObjectServer) -> Iterator[ObjectServer]:
    yield shared_server
    shared_server.empty()


@pytest.fixture
def objects(server: ObjectServer, tmp_path: Path) -> ObjectStore:
    return server.store(tmp_path / "cache")


@pytest.fixture(params=["folder", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    objects: ObjectStore = request.getfixturevalue("objects")
    return objects
