"""A tray on a real database and disk, with a reader that does what it is told: one document's end is its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from tests.builders.fake_reader import ENDLESS, POISON, VANISHING, FakeReader
from tests.builders.requests import JANET
from worker.db import arrivals, documents
from worker.domain.document import Stage
from worker.errors import UnfinishedError
from worker.intake.accept import accept
from worker.intake.scans import find_scans
from worker.matching.registry import RequestTable
from worker.matching.weights import Policy
from worker.ocr.page_reader import PageReader
from worker.pipeline.give_out import Shelf
from worker.pipeline.tray import Desk, process_tray
from worker.wiring import sole_shelf

SURE = f"Request ID: {JANET.request_id}\nPatient: Brown, Janet\nDOB: 03/04/1951\n"


class Silent:
    """Nobody watches; `after` is called when a document is done."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        self.document_done = after

    def expect(self, pages: int) -> None:
        """Nothing is counted."""

    def page_read(self) -> None:
        """Nothing is counted."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        yield shelf


def desk(shelf: Shelf, tmp_path: Path, texts: dict[str, str], progress: Silent, reader: FakeReader) -> Desk:
    """A desk with these documents waiting, by name."""
    scans = tmp_path / "scans"
    scans.mkdir()
    for name, text in texts.items():
        (scans / name).write_text(text)
    for scan in find_scans([scans]).scans:
        accept(scan, shelf.originals, partial(arrivals.record_arrival, shelf.engine), datetime.now(UTC))
    return Desk(shelf, cast("PageReader", reader), RequestTable([JANET]), Policy(), progress)


def stages(shelf: Shelf) -> dict[str, Stage]:
    stage = {document.sha256: document.stage for document in documents.load_all(shelf.engine)}
    return {arrival.source: stage[arrival.sha256] for arrival in arrivals.load_all(shelf.engine)}


def test_a_reader_that_fails_costs_one_document(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"1.tif": SURE + "one", "2.tif": POISON + " Brown, Janet", "3.tif": SURE + "three"}

    process_tray(desk(shelf, tmp_path, texts, Silent(), FakeReader()), jobs=2)

    assert stages(shelf) == {"1.tif": Stage.FILED, "2.tif": Stage.REJECTED, "3.tif": Stage.FILED}
    said = capsys.readouterr()
    assert "document failed" in said.out + said.err
    assert "Janet" not in said.out + said.err


def test_a_stop_rejects_nothing(shelf: Shelf, tmp_path: Path) -> None:
    reader = FakeReader()
    texts = {"1.tif": SURE, "2.tif": ENDLESS + " a", "3.tif": ENDLESS + " b", "4.tif": SURE + "four"}

    def interrupt() -> None:
        assert reader.busy.wait(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process_tray(desk(shelf, tmp_path, texts, Silent(interrupt), reader), jobs=2)

    found = stages(shelf)
    assert found["1.tif"] is Stage.FILED
    assert (found["2.tif"], found["3.tif"]) == (Stage.RECEIVED, Stage.RECEIVED)
    assert found["4.tif"] in {Stage.RECEIVED, Stage.READ}


def test_what_cannot_be_filed_costs_no_other_document(shelf: Shelf, tmp_path: Path) -> None:
    texts = {"1.tif": SURE + "one", "2.tif": VANISHING, "3.tif": SURE + "three"}

    with pytest.raises(UnfinishedError) as caught:
        process_tray(desk(shelf, tmp_path, texts, Silent(), FakeReader()), jobs=1)

    assert caught.value.documents == 1
    assert stages(shelf) == {"1.tif": Stage.FILED, "2.tif": Stage.DECIDED, "3.tif": Stage.FILED}
