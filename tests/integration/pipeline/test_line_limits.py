"""How many pages a line takes: documents that are too long for one line and welcome on another."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.builders.desk import SURE, desk, hands, stages, take_in, work_on
from tests.builders.fake_reader import LONG, LONG_PAGES, FakeReader
from worker.db import documents, ledger, pages, tasks
from worker.domain.document import DocumentKind, Stage
from worker.domain.line import Line
from worker.domain.task import Step
from worker.pipeline.give_out import Shelf

LEASE = timedelta(seconds=60)
SURE_BUT_LONG = f"{LONG}\n{SURE}"
SHORT = Line("short", priority=10, max_pages=LONG_PAGES - 1)


def test_a_document_too_long_for_its_line_is_read_when_it_comes_on_one_that_takes_it(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT, "generous": Line("generous")})
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="short")
    work_on(hands(work))
    assert stages(shelf) == {"1": Stage.REJECTED}

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="generous")
    work_on(hands(work))

    assert stages(shelf) == {"1": Stage.FILED, "2": Stage.FILED}
    assert not [account for account in ledger.load_accounts(shelf.engine) if account.problem]


def test_a_document_too_long_for_its_line_stays_rejected_when_it_comes_there_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT})
    for folder in ("in", "again"):
        take_in(shelf, tmp_path / folder, {folder: SURE_BUT_LONG}, line="short")
        work_on(hands(work))

    (document,) = documents.load_all(shelf.engine)
    assert (document.stage, "20 pages" in document.reason) == (Stage.REJECTED, True)


def test_the_most_generous_line_of_a_document_counts_also_where_another_is_more_urgent(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT, "generous": Line("generous")})
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="generous")

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="short", priority=SHORT.priority)
    work_on(hands(work))

    assert set(stages(shelf).values()) == {Stage.FILED}


def test_bytes_that_come_on_another_line_while_they_are_opened_are_opened_again(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="short")
    held = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert held is not None

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="generous")
    is_rejected = documents.reject(shelf.engine, held, "this line takes fewer pages")

    assert not is_rejected
    work_on(hands(desk(shelf, FakeReader())))
    assert set(stages(shelf).values()) == {Stage.FILED}


def test_bytes_that_come_on_their_own_line_again_disturb_nobody(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    held = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert held is not None

    take_in(shelf, tmp_path / "again", {"2": SURE})

    assert pages.save_opened(shelf.engine, held, DocumentKind.TIFF, [(1, 1)])
