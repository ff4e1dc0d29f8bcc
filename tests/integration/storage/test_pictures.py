"""Pictures in a folder and on a server."""

from pathlib import Path

from tests.builders.object_server import ObjectServer
from worker.domain.picture import PictureSize, Pose
from worker.storage.pictures import Pictures, key_of
from worker.storage.store import Store

DOCUMENT = "ab" * 32
POSE = Pose(1, 0, 0.0, 1728, 2200)


def test_a_picture_is_found_again(store: Store) -> None:
    kept = Pictures(store)

    kept.keep(DOCUMENT, POSE, PictureSize.PAGE, b"a page")

    assert kept.find(DOCUMENT, POSE, PictureSize.PAGE) == b"a page"
    assert Pictures(store).find(DOCUMENT, POSE, PictureSize.PAGE) == b"a page"
    assert kept.find(DOCUMENT, POSE, PictureSize.THUMB) is None
    assert kept.load_keys(DOCUMENT) == {key_of(DOCUMENT, POSE, PictureSize.PAGE)}


def test_a_page_that_was_read_anew_has_another_picture(store: Store) -> None:
    kept = Pictures(store)
    kept.keep(DOCUMENT, POSE, PictureSize.PAGE, b"upright")

    turned = kept.find(DOCUMENT, Pose(1, 180, 0.0, 1728, 2200), PictureSize.PAGE)

    assert turned is None


def test_a_distant_store_is_asked_once(server: ObjectServer, tmp_path: Path) -> None:
    kept = Pictures(server.store(tmp_path / "cache"))
    kept.keep(DOCUMENT, POSE, PictureSize.PAGE, b"a page")
    server.store(tmp_path / "other").remove(key_of(DOCUMENT, POSE, PictureSize.PAGE))

    found = kept.find(DOCUMENT, POSE, PictureSize.PAGE)

    assert found == b"a page"
    assert list((tmp_path / "cache").rglob("*")) == []


def test_what_is_remembered_is_bounded(server: ObjectServer, tmp_path: Path) -> None:
    kept = Pictures(server.store(tmp_path / "cache"), most_remembered=10)
    for size in PictureSize:
        kept.keep(DOCUMENT, POSE, size, size.value.encode()[:5])
    server.empty()

    remembered = [kept.find(DOCUMENT, POSE, size) for size in PictureSize]

    assert remembered == [None, b"thumb", b"blurr"]
