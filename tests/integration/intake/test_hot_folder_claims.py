"""Claims on a real disk: whole or not at all, and a document is never thrown away with its claim."""

from pathlib import Path

import pytest

from tests.builders.hot_folders import NOW
from worker.domain.envelope import Channel, Envelope
from worker.errors import CannotWriteError
from worker.intake.hot_folder_claims import claim, clear, open_claims, reject
from worker.intake.hot_folder_listing import CLAIMED, Entry, list_folder

ENVELOPE = Envelope(Channel.FOLDER, "expedited", "1", "Ann", index=(("Request ID", "M1"), ("x", "ü")), declared_pages=3)
LOST = Envelope(Channel.FOLDER, "expedited")


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    (tmp_path / CLAIMED).mkdir()
    (tmp_path / "a.tif").write_bytes(b"page")
    return list_folder(tmp_path)[0]


def test_a_claim_comes_back_as_it_was_made(tmp_path: Path, entry: Entry) -> None:
    made = claim(tmp_path, entry, ENVELOPE, NOW)

    (again,) = open_claims(tmp_path, LOST, NOW)

    assert again == made
    assert not entry.path.exists()


def test_a_file_that_cannot_be_renamed_leaves_no_claim(tmp_path: Path, entry: Entry) -> None:
    entry.path.unlink()

    with pytest.raises(FileNotFoundError):
        claim(tmp_path, entry, ENVELOPE, NOW)

    assert list((tmp_path / CLAIMED).iterdir()) == []


def test_clearing_never_removes_a_document(tmp_path: Path, entry: Entry) -> None:
    made = claim(tmp_path, entry, ENVELOPE, NOW)

    clear(made)

    assert list(open_claims(tmp_path, LOST, NOW)) == [made]


def test_a_claim_whose_notes_are_broken_still_counts(tmp_path: Path, entry: Entry) -> None:
    made = claim(tmp_path, entry, ENVELOPE, NOW)
    (made.folder / "claim.json").write_text('{"name": "a.tif"')

    (again,) = open_claims(tmp_path, LOST, NOW)

    assert again.document.read_bytes() == b"page"
    assert again.incoming.envelope == LOST
    assert again.incoming.source == f"unknown-{made.folder.name}"


def test_rejects_are_numbered_with_their_reasons(tmp_path: Path) -> None:
    for text in ("one", "two"):
        (tmp_path / "a.tif").write_text(text)
        reject(tmp_path, tmp_path / "a.tif", "a.tif", f"reason {text}")

    rejected = tmp_path / "rejected"
    assert [(rejected / name).read_text() for name in ("a.tif", "a (2).tif")] == ["one", "two"]
    assert "was not taken: reason two." in (rejected / "a (2).tif.reason.txt").read_text()


def test_a_reject_that_cannot_be_moved_says_so_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "rejected").write_text("in the way")
    (tmp_path / "smith.tif").write_bytes(b"")

    with pytest.raises(CannotWriteError) as raised:
        reject(tmp_path, tmp_path / "smith.tif", "smith.tif", "the file is empty")

    assert "smith" not in str(raised.value)
    assert (tmp_path / "smith.tif").exists()
