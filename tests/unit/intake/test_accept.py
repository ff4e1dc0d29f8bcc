"""The one way in: bytes first, then the record."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.errors import CannotWriteError
from worker.intake.accept import accept
from worker.storage.originals import Kept, Originals

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class FakeRecord:
    """Remembers what it was told, and whether the bytes were safe by then."""

    def __init__(self, originals: Originals) -> None:
        self.originals = originals
        self.told: list[tuple[Incoming, Kept | None, str]] = []

    def __call__(self, incoming: Incoming, kept: Kept | None, refusal: str = "") -> Arrival:
        assert kept is None or self.originals.path_of(kept.sha256).exists()
        self.told.append((incoming, kept, refusal))
        sha256 = kept.sha256 if kept else ""
        return Arrival(len(self.told), incoming.source, sha256, incoming.received_at, is_duplicate=False)


@pytest.fixture
def record(tmp_path: Path) -> FakeRecord:
    return FakeRecord(Originals(tmp_path / "originals"))


def incoming(path: Path) -> Incoming:
    return Incoming(os.fsencode(path), "a.tif", NOW)


def test_bytes_are_safe_before_the_arrival_is_recorded(tmp_path: Path, record: FakeRecord) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.tif")
    path.write_bytes(b"page")

    arrival = accept(incoming(path), path, record.originals, record)

    assert record.originals.path_of(arrival.sha256).read_bytes() == b"page"
    assert record.told == [(incoming(path), Kept(arrival.sha256, 4), "")]
    assert arrival.received_at == NOW


def test_what_was_refused_is_recorded_with_its_reason(tmp_path: Path, record: FakeRecord) -> None:
    arrival = accept(incoming(tmp_path / "pipe"), tmp_path / "pipe", record.originals, record, "not a file")

    assert arrival.sha256 == ""
    assert record.told[0][1:] == (None, "not a file")


def test_file_that_went_away_since_it_was_found_is_recorded(tmp_path: Path, record: FakeRecord) -> None:
    accept(incoming(tmp_path / "gone.tif"), tmp_path / "gone.tif", record.originals, record)

    kept, refusal = record.told[0][1:]
    assert kept is None
    assert "cannot be read" in refusal


def test_nothing_is_recorded_when_the_bytes_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "originals").write_text("in the way")
    (tmp_path / "a.tif").write_bytes(b"page")
    record = FakeRecord(Originals(tmp_path / "originals"))

    with pytest.raises(CannotWriteError):
        accept(incoming(tmp_path / "a.tif"), tmp_path / "a.tif", record.originals, record)

    assert record.told == []
