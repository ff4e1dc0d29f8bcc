"""DRAW: pictures before anybody asks, after everything else, and never at a document's expense."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.desk import SURE, desk, stages, take_in
from tests.builders.fake_reader import LONG, LONG_PAGES, UNDRAWABLE, FakeReader
from worker.db import documents, pages, pictures, tasks, waiting
from worker.db.engine import open_database
from worker.domain.document import Stage
from worker.domain.picture import PictureSize, Pose, pose_of
from worker.domain.task import Step
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.pipeline.give_out import Shelf
from worker.pipeline.leases import Leases
from worker.pipeline.work import DOCUMENT_STEPS, MOST_ATTEMPTS, Hands, at_once, work_once
from worker.storage.pictures import Pictures, folder_of, key_of
from worker.wiring import sole_shelf

ALL = tuple(Step)


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        if request.param == "postgresql":
            engine = open_database(request.getfixturevalue("postgres_url"))
            yield replace(shelf, engine=engine)
            engine.dispose()
        else:
            yield shelf


def worker(shelf: Shelf, reader: FakeReader) -> Hands:
    return Hands(desk(shelf, reader), Leases(shelf.engine, 60.0, "me"), at_once)


def work_on(hands: Hands, steps: tuple[Step, ...] = ALL) -> list[Step]:
    done = []
    while (task := work_once(hands, steps)) is not None:
        done.append(task.step)
    return done


def decided(shelf: Shelf, folder: Path, text: str) -> str:
    """A document whose way is at its end, and whose pictures are wanted."""
    (sha256,) = take_in(shelf, folder, {"a.tif": text}).values()
    work_on(worker(shelf, FakeReader()), DOCUMENT_STEPS)
    want(shelf, sha256)
    return sha256


def want(shelf: Shelf, sha256: str) -> None:
    with shelf.engine.begin() as connection:
        pictures.want_pictures(connection, sha256)


def kept(shelf: Shelf, sha256: str, size: PictureSize) -> list[bytes | None]:
    poses = [pose_of(reading) for reading in pages.load_readings(shelf.engine, sha256)]
    return [Pictures(shelf.store).find(sha256, pose, size) for pose in poses]


def test_waiting_pages_are_drawn_in_full_and_all_as_thumbnails(shelf: Shelf, tmp_path: Path) -> None:
    waiting_one = decided(shelf, tmp_path / "one", "Nobody is named here")
    sure = decided(shelf, tmp_path / "sure", SURE)

    work_on(worker(shelf, FakeReader()), (Step.DRAW,))

    assert kept(shelf, waiting_one, PictureSize.PAGE) == [b"page"]
    assert kept(shelf, sure, PictureSize.PAGE) == [None]
    assert kept(shelf, sure, PictureSize.THUMB) + kept(shelf, sure, PictureSize.BLURRED) == [b"thumb", b"blurred"]


def test_drawing_waits_for_everything_else(shelf: Shelf, tmp_path: Path) -> None:
    decided(shelf, tmp_path / "first", SURE)
    take_in(shelf, tmp_path / "second", {"b.tif": "Nobody is named here"})

    done = work_on(worker(shelf, FakeReader()))

    assert done[-1] is Step.DRAW
    assert Step.FILE in done[:-1]


def test_urgent_documents_are_drawn_first(shelf: Shelf, tmp_path: Path) -> None:
    routine = take_in(shelf, tmp_path / "in", {"a.tif": "Nobody"})["a.tif"]
    urgent = take_in(shelf, tmp_path / "in", {"b.tif": "Nobody else"}, priority=10)["b.tif"]
    work_on(worker(shelf, FakeReader()), DOCUMENT_STEPS)
    want(shelf, routine)
    want(shelf, urgent)

    first = tasks.claim(shelf.engine, ALL, "me", timedelta(seconds=60))

    assert first is not None
    assert first.subject == urgent


def test_long_documents_are_drawn_in_chunks_and_only_once(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = decided(shelf, tmp_path, LONG)
    reader = FakeReader()
    work_on(worker(shelf, reader), (Step.DRAW,))
    want(shelf, sha256)

    work_on(worker(shelf, reader), (Step.DRAW,))

    assert [page for chunk in reader.drawn for page in chunk] == list(range(1, LONG_PAGES + 1))
    assert {len(chunk) for chunk in reader.drawn} == {PAGES_PER_CHUNK, LONG_PAGES % PAGES_PER_CHUNK}


def test_pictures_of_an_earlier_reading_go(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = decided(shelf, tmp_path, SURE)
    old = Pose(1, 90, 0.0, 10, 10)
    Pictures(shelf.store).keep(sha256, old, PictureSize.PAGE, b"lying")

    work_on(worker(shelf, FakeReader()), (Step.DRAW,))

    assert key_of(sha256, old, PictureSize.PAGE) not in list(shelf.store.keys(folder_of(sha256)))
    assert kept(shelf, sha256, PictureSize.THUMB) == [b"thumb"]


def test_what_cannot_be_drawn_is_given_up_and_parks_nothing(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = decided(shelf, tmp_path, f"{UNDRAWABLE}\n{SURE}")
    reader = FakeReader()

    done = work_on(worker(shelf, reader), (Step.DRAW,))

    assert (len(done), len(reader.drawn)) == (MOST_ATTEMPTS + 1, MOST_ATTEMPTS)
    assert stages(shelf) == {"a.tif": Stage.FILED}
    assert kept(shelf, sha256, PictureSize.THUMB) == [None]
    assert not tasks.is_any_left(shelf.engine, [Step.DRAW])


def test_the_steps_of_process_draw_nothing(shelf: Shelf, tmp_path: Path) -> None:
    decided(shelf, tmp_path, SURE)
    reader = FakeReader()

    work_on(worker(shelf, reader), DOCUMENT_STEPS)

    assert reader.drawn == []


def test_waiting_pictures_hide_no_missing_step(shelf: Shelf, tmp_path: Path) -> None:
    (sha256,) = take_in(shelf, tmp_path / "in", {"a.tif": "Nobody"}).values()
    lost = tasks.claim(shelf.engine, ALL, "me", timedelta(seconds=60))
    assert lost is not None
    with shelf.engine.begin() as connection:
        tasks.finish(connection, lost)
    want(shelf, sha256)

    waiting.mend(shelf.engine)

    work_on(worker(shelf, FakeReader()), DOCUMENT_STEPS)
    document = documents.find(shelf.engine, sha256)
    assert document is not None
    assert document.stage is Stage.FILED
