"""Filing to a folder and to an S3 server: the same keys with the same bytes, and nothing half done."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.object_server import ObjectServer, running_object_server
from tests.builders.scans import drawn_page, write_tiff
from worker.domain.decision import Decision, DocumentType, Outcome
from worker.domain.document import Arrival, DocumentKind, DocumentOutcome
from worker.errors import UnreachableError
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.requests_folder import remove_other_requests, write_request
from worker.filing.review_folder import remove_other_reviews, write_review
from worker.filing.tables import DocumentResult, write_tables
from worker.storage.folder_store import FolderStore
from worker.storage.object_store import ObjectStore
from worker.storage.store import Store

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    with running_object_server() as running:
        yield running


@pytest.fixture
def objects(server: ObjectServer, tmp_path: Path) -> Iterator[ObjectStore]:
    yield server.store(tmp_path / "cache")
    server.empty()


def drawn(folder: Path, order: int, *pages: int, request_id: str | None = "R/1") -> DocumentPages:
    original = folder / f"original{order}.tif"
    write_tiff(original, [drawn_page(f"{order}.{n}", (400, 500)) for n in range(1, 4)], dpi=(50, 50))
    arrival = Arrival(order, f"fax{order}.tif", f"{order:064x}"[::-1], NOW, is_duplicate=False)
    outcome = Outcome.FILED if request_id else Outcome.REVIEW
    decisions = [Decision(page, outcome, request_id, DocumentType.LETTER, 0.97, "It says so.") for page in pages]
    filed = tuple(FiledPage(decision) for decision in decisions)
    return DocumentPages(arrival, DocumentKind.TIFF, lambda: nullcontext(original), filed)


def file_some(store: Store, folder: Path) -> None:
    one, two = drawn(folder, 1, 1, 2), drawn(folder, 2, 3)
    write_request(store, "R/1", [one, two])
    write_request(store, "R2", [drawn(folder, 3, 1, request_id="R2")])
    write_review(store, drawn(folder, 1, 3, request_id=None))
    decisions = tuple(page.decision for page in one.pages)
    write_tables(store, [DocumentResult(one.arrival, DocumentOutcome.PROCESSED, "", decisions)])


def contents(store: Store) -> dict[str, bytes | None]:
    return {key: store.read(key) for key in store.keys("")}


def test_server_holds_what_a_folder_holds(objects: ObjectStore, tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "out")

    file_some(folder, tmp_path)
    file_some(objects, tmp_path)

    assert contents(objects) == contents(folder)
    assert list(objects.keys("requests/R%2F1")) == [
        f"requests/R%2F1/{name}" for name in ("1000000000000000.pdf", "2000000000000000.pdf", "manifest.json")
    ]


def test_filing_again_writes_nothing_to_the_server(server: ObjectServer, objects: ObjectStore, tmp_path: Path) -> None:
    server.admin.put_bucket_versioning(Bucket=server.bucket, VersioningConfiguration={"Status": "Enabled"})
    file_some(objects, tmp_path)
    before = written(server)

    file_some(objects, tmp_path)

    assert {key for key, count in written(server).items() if count != before[key]} == {
        "payer/pages.csv", "payer/documents.csv",
    }  # fmt: skip


def written(server: ObjectServer) -> dict[str, int]:
    """How often each key was written."""
    keys = [version["Key"] for version in server.admin.list_object_versions(Bucket=server.bucket)["Versions"]]
    return {key: keys.count(key) for key in keys}


def test_what_is_withdrawn_goes_from_the_server(objects: ObjectStore, tmp_path: Path) -> None:
    file_some(objects, tmp_path)

    write_request(objects, "R/1", [drawn(tmp_path, 2, 3)])
    remove_other_requests(objects, ["R/1"])
    remove_other_reviews(objects, [])

    assert [key for key in objects.keys("") if "/" in key] == [
        "requests/R%2F1/2000000000000000.pdf", "requests/R%2F1/manifest.json",
    ]  # fmt: skip


def test_filing_to_a_server_that_is_away_can_be_finished(tmp_path: Path) -> None:
    with running_object_server() as server:
        away = server.store(tmp_path / "cache", patience=0.5)
    with pytest.raises(UnreachableError):
        file_some(away, tmp_path)

    with running_object_server() as server:
        back = server.store(tmp_path / "cache")
        file_some(back, tmp_path)
        found = contents(back)

    folder = FolderStore(tmp_path / "out")
    file_some(folder, tmp_path)
    assert found == contents(folder)
    assert list((tmp_path / "cache").iterdir()) == []
