"""DRAW: the pictures that reviewers will look at, made before anybody asks."""

from collections.abc import Iterator, Sequence

import structlog

from worker.db import pages, pictures, tasks
from worker.domain.picture import PictureSize, Pose, pose_of
from worker.domain.task import Task
from worker.ocr.asks import Drawn
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.pipeline.desk import Desk
from worker.storage.pictures import Pictures, key_of

_log = structlog.get_logger()


def draw_pictures(desk: Desk, task: Task) -> None:
    """Thumbnails of all pages, and full pictures of those that wait for a person. Safe to run again.

    What is there already stays; what was drawn of an earlier reading goes.
    """
    shelf, sha256 = desk.shelf, task.subject
    kept = Pictures(shelf.store, most_remembered=0)
    poses = [pose_of(reading) for reading in pages.load_readings(shelf.engine, sha256)]
    full = pictures.load_waiting_pages(shelf.engine, sha256)
    there = kept.load_keys(sha256)
    missing = [pose for pose in poses if any(key not in there for key in _wanted(sha256, pose, full))]
    if missing:
        with shelf.original(sha256) as path:
            for start in range(0, len(missing), PAGES_PER_CHUNK):
                chunk = missing[start : start + PAGES_PER_CHUNK]
                keep_drawn(kept, sha256, chunk, desk.reader.draw(path, chunk, full))
    every = {key_of(sha256, pose, size) for pose in poses for size in PictureSize}
    kept.remove(there - every)
    _finish(desk, task)


def give_up_drawing(desk: Desk, task: Task) -> None:
    """Each picture is drawn when somebody looks at its page instead."""
    _log.warning("drawing given up: pictures are drawn when they are looked at")
    _finish(desk, task)


def keep_drawn(kept: Pictures, sha256: str, poses: Sequence[Pose], drawn: Sequence[Drawn]) -> None:
    """Put what was drawn into the store; pages that could not be drawn are not among it."""
    by_number = {pose.number: pose for pose in poses}
    for each in drawn:
        for size, picture in _sizes(each):
            kept.keep(sha256, by_number[each.number], size, picture)


def _sizes(drawn: Drawn) -> Iterator[tuple[PictureSize, bytes]]:
    yield PictureSize.THUMB, drawn.thumb
    yield PictureSize.BLURRED, drawn.blurred
    if drawn.page is not None:
        yield PictureSize.PAGE, drawn.page


def _wanted(sha256: str, pose: Pose, full: frozenset[int]) -> Iterator[str]:
    yield key_of(sha256, pose, PictureSize.THUMB)
    yield key_of(sha256, pose, PictureSize.BLURRED)
    if pose.number in full:
        yield key_of(sha256, pose, PictureSize.PAGE)


def _finish(desk: Desk, task: Task) -> None:
    with desk.shelf.engine.begin() as connection:
        tasks.finish(connection, task)
