"""A tray on a real database and disk, with a reader that does what it is told: one document's end is its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.desk import SURE, desk, stages, take_in
from tests.builders.fake_reader import ENDLESS, NO_ROOM, POISON, VANISHING, FakeReader
from worker.domain.document import Stage
from worker.errors import CannotWriteError
from worker.pipeline.give_out import Shelf
from worker.pipeline.tray import process_tray
from worker.pipeline.work import MOST_ATTEMPTS
from worker.wiring import sole_shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        yield shelf


def test_a_reader_that_fails_costs_one_document(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE + "one", "2": POISON + " Brown, Janet", "3": SURE + "three"})

    process_tray(desk(shelf, FakeReader()), jobs=2)

    assert stages(shelf) == {"1": Stage.FILED, "2": Stage.PARKED, "3": Stage.FILED}
    said = capsys.readouterr()
    assert (said.out + said.err).count("task failed") == 3
    assert "Janet" not in said.out + said.err


def test_a_full_disk_stops_the_tray_and_counts_against_nobody(shelf: Shelf, tmp_path: Path) -> None:
    texts = {"1": SURE, "2": f"{ENDLESS}\n{SURE}", "3": f"{NO_ROOM}\n{SURE}", "4": SURE + "four"}
    take_in(shelf, tmp_path / "in", texts)

    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(CannotWriteError, match="free space"):
            process_tray(desk(shelf, FakeReader()), jobs=2)

    found = stages(shelf)
    assert (found["1"], found["2"], found["3"]) == (Stage.FILED, Stage.OPENED, Stage.OPENED)
    process_tray(desk(shelf, FakeReader(is_well=True)), jobs=2)
    assert set(stages(shelf).values()) == {Stage.FILED}


def test_what_cannot_be_filed_costs_no_other_document(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE + "one", "2": VANISHING + "\n" + SURE, "3": SURE + "three"})

    process_tray(desk(shelf, FakeReader()), jobs=1)

    assert stages(shelf) == {"1": Stage.FILED, "2": Stage.PARKED, "3": Stage.FILED}
