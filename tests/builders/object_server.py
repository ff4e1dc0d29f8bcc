"""A real S3 server for tests, on a port of its own."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3  # type: ignore[import-untyped]  # its types are published apart
import pytest
from moto.server import ThreadedMotoServer

from worker.storage.file_cache import FileCache
from worker.storage.object_store import ObjectStore

PREFIX = "payer"
CACHE_BYTES = 1 << 30


@dataclass(frozen=True)
class ObjectServer:
    """A running server with one bucket. `admin` is Amazon's own client, to see what really lies there."""

    endpoint: str
    bucket: str
    admin: Any

    def store(self, cache: Path, *, cache_bytes: int = CACHE_BYTES, patience: float = 7.0) -> ObjectStore:
        """The bucket as a store."""
        return ObjectStore(self.bucket, PREFIX, self.endpoint, FileCache(cache, cache_bytes), patience=patience)

    def keys(self) -> list[str]:
        """All keys of the bucket, with their prefix."""
        return [entry["Key"] for entry in self.admin.list_objects_v2(Bucket=self.bucket).get("Contents", [])]

    def empty(self) -> None:
        """Remove everything from the bucket."""
        for key in self.keys():
            self.admin.delete_object(Bucket=self.bucket, Key=key)


@contextlib.contextmanager
def running_object_server() -> Iterator[ObjectServer]:
    """The server, for the length of the block; the credentials stand in the environment, as on a site."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server.start()
        try:
            host, port = server.get_host_and_port()
            endpoint = f"http://{host}:{port}"
            admin = boto3.client("s3", endpoint_url=endpoint)
            bucket = f"mailroom-{uuid4().hex}"  # servers of one process share what they hold
            admin.create_bucket(Bucket=bucket)
            yield ObjectServer(endpoint, bucket, admin)
        finally:
            server.stop()
