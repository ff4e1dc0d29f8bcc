"""Files while they are received: on a full disk the sender is told, and nothing stays open."""

from pathlib import Path

import pytest

from worker.errors import CannotWriteError
from worker.receiving.refused import BodyRefusedError
from worker.receiving.spool import SpooledFile


@pytest.fixture
def on_full_disk(tmp_path: Path) -> SpooledFile:
    file = SpooledFile(tmp_path, "a.pdf", lambda: 1 << 20)
    file.close()
    file._file = Path("/dev/full").open("wb")  # noqa: SIM115 - closed by the test; the kernel's own full disk
    return file


def test_a_full_disk_is_said(on_full_disk: SpooledFile) -> None:
    with pytest.raises(CannotWriteError, match="No space left"):
        on_full_disk.write(b"x" * 100_000)

    on_full_disk.close()


def test_a_full_disk_is_said_at_the_end_of_a_short_file(on_full_disk: SpooledFile) -> None:
    on_full_disk.write(b"x")

    with pytest.raises(CannotWriteError, match="No space left"):
        on_full_disk.finish()

    on_full_disk.close()


def test_the_limit_is_asked_for_each_piece(tmp_path: Path) -> None:
    limits = [10, 10, 4]
    file = SpooledFile(tmp_path, "a.pdf", limits.pop)
    file.write(b"1234")

    file.write(b"56")
    with pytest.raises(BodyRefusedError) as refused:
        file.write(b"78901")

    assert refused.value.status == 413
    file.close()
