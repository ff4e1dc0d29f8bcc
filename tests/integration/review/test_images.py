"""Pictures of pages for whoever may see them: drawn by the server itself where no worker has."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.builders.drawn_documents import fax_file, take_in_decided
from tests.builders.object_server import ObjectServer, running_object_server
from tests.builders.pages import PROSE
from tests.builders.review_site import ServedReview, serving_review, signed_client, stranger
from worker.db import audit_log, pages
from worker.domain.picture import PictureSize, pose_of
from worker.pipeline.site import Site
from worker.review.images import picture_version
from worker.storage.originals import Originals
from worker.storage.pictures import key_of

TEXTS = (PROSE, PROSE[3:6])


@pytest.fixture
def document(served: ServedReview, tmp_path: Path) -> str:
    """A fax of two pages on the line `routine`."""
    return take_in_decided(served.site, fax_file(tmp_path / "fax.tif", TEXTS), TEXTS)


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    image = Image.open(io.BytesIO(answer.content))
    assert answer.headers["Content-Type"] == f"image/{(image.format or '').lower()}"
    return image


def views(site: Site) -> list[tuple[str, int | None]]:
    logged = [row.entry for row in audit_log.load(site.shelf.engine)]
    return [(entry.by_name, entry.page) for entry in logged if entry.action == "view_page"]


def test_a_page_is_drawn_when_somebody_looks(served_anywhere: ServedReview, tmp_path: Path) -> None:
    document = take_in_decided(served_anywhere.site, fax_file(tmp_path / "fax.tif", TEXTS), TEXTS)
    client = signed_client(served_anywhere, "rita")

    page = picture(client.get(f"/pages/{document}/2.png"))
    thumb = picture(client.get(f"/pages/{document}/2.png", params={"size": "thumb"}))
    part = picture(client.get(f"/pages/{document}/2.png", params={"size": "crop", "box": "100,150.5,400,60"}))

    assert (page.size, thumb.size, part.size) == ((1728, 2200), (150, 191), (400, 60))
    assert views(served_anywhere.site) == [("rita", 2), ("rita", 2)]


def test_it_is_kept(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita")
    first = client.get(f"/pages/{document}/1.png").content
    (reading, _) = pages.load_readings(served.site.shelf.engine, document)
    shutil.rmtree(served.site.home / "originals")

    again = client.get(f"/pages/{document}/1.png")

    assert again.content == first
    assert served.site.shelf.store.read(key_of(document, pose_of(reading), PictureSize.PAGE)) == first


def test_browsers_keep_what_has_a_version(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita")
    (reading, _) = pages.load_readings(served.site.shelf.engine, document)

    answers = [
        client.get(f"/pages/{document}/1.png", params={"size": "thumb", "v": version})
        for version in (picture_version(reading), "other", "")
    ]

    kept = [answer.headers["Cache-Control"] for answer in answers]
    assert kept == ["private, max-age=3600, immutable", "private, max-age=600", "private, max-age=600"]
    assert {answer.headers["Vary"] for answer in answers} == {"Cookie"}


def test_pages_of_other_lines_are_not_there(served: ServedReview, document: str) -> None:
    client = signed_client(served, "lena")

    answers = [client.get(f"/pages/{document}/1.png", params={"size": size}) for size in ("page", "thumb")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert views(served.site) == []


def test_strangers_and_those_without_a_right_to_read_see_nothing(served: ServedReview, document: str) -> None:
    nobody, admin = stranger(served, accept="image/png"), signed_client(served, "adam")

    codes = [who.get(f"/pages/{document}/1.png").status_code for who in (nobody, admin)]

    assert codes == [401, 403]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/pages/{document}/3.png", 404),
        ("/pages/{nobody}/1.png", 404),
        ("/pages/{document}/0.png", 422),
        ("/pages/{document}/99999999999999999999.png", 422),
        ("/pages/..%2f..%2fpigeonhole/1.png", 404),
        ("/pages/zz/1.png", 422),
        ("/pages/{document}/1.png?size=huge", 422),
        ("/pages/{document}/1.png?size=crop", 422),
        ("/pages/{document}/1.png?size=crop&box=0,0,0,5", 422),
        ("/pages/{document}/1.png?size=crop&box=a,b,c,d", 422),
        ("/pages/{document}/1.png?size=crop&box=0,0,inf,5", 422),
        ("/pages/{document}/1.png?size=crop&box=nan,0,5,5", 422),
        ("/pages/{document}/1.png?size=crop&box=-1,0,5,5", 422),
    ],
)
def test_what_does_not_fit_is_refused(served: ServedReview, document: str, path: str, code: int) -> None:
    client = signed_client(served, "rita")

    answer = client.get(path.format(document=document, nobody="0" * 64))

    assert answer.status_code == code


def test_a_part_beyond_the_page_is_still_a_picture(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita")

    part = picture(client.get(f"/pages/{document}/1.png", params={"size": "crop", "box": "1700,9000,500,500"}))

    assert part.size == (1, 1)


def test_a_page_that_cannot_be_drawn_costs_only_itself(served: ServedReview, document: str, tmp_path: Path) -> None:
    lost = fax_file(tmp_path / "lost.tif", [PROSE[:3]])
    hostile = take_in_decided(served.site, lost, [PROSE[:3]])
    path = served.site.shelf.originals.path_of(hostile)
    path.chmod(0o600)
    path.write_bytes(b"II*\0 and nothing that makes sense")
    client = signed_client(served, "rita")

    stopgap = client.get(f"/pages/{hostile}/1.png", params={"v": "x"})
    again = client.get(f"/pages/{hostile}/1.png", params={"size": "thumb"})

    assert picture(stopgap).size == picture(again).size == (1728, 2200)
    assert stopgap.headers["Cache-Control"] == "private, max-age=60"
    assert picture(client.get(f"/pages/{document}/1.png")).size == (1728, 2200)
    assert list(served.site.shelf.store.keys(f"pictures/{hostile[:2]}/{hostile}")) == []


@pytest.fixture
def object_server() -> Iterator[ObjectServer]:
    with running_object_server() as server:
        yield server


def test_pictures_stand_beside_the_originals_on_a_server(
    site: Site, object_server: ObjectServer, tmp_path: Path
) -> None:
    store = object_server.store(tmp_path / "cache")
    distant = replace(site, shelf=replace(site.shelf, store=store, originals=Originals(store, "originals/")))

    with serving_review(distant) as served:
        document = take_in_decided(distant, fax_file(tmp_path / "fax.tif", TEXTS), TEXTS)
        answer = signed_client(served, "rita").get(f"/pages/{document}/1.png", params={"size": "thumb"})

    assert picture(answer).size == (150, 191)
    assert len(list(store.keys("pictures"))) == 3
