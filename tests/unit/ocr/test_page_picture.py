"""Pictures for reviewers: the boxes of what was read lie on them, nothing is cleaned away, and they are small."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.builders.pages import (
    FINE,
    STANDARD,
    SUPERFINE,
    black_and_white,
    faxed,
    printed,
    save_tiff,
    speckled,
    streaked,
    tilted,
)
from worker.domain.picture import UNKNOWN_SIZE, Pose
from worker.domain.reading import Box
from worker.ocr.asks import CropPicture, Drawn, DrawPages
from worker.ocr.cleanup import CleanPage, clean
from worker.ocr.images import PageImage, Pixels
from worker.ocr.lines import find_lines
from worker.ocr.page_picture import (
    blurred,
    crop_picture,
    draw_pages,
    in_pose,
    thumbnail,
)
from worker.ocr.picture_bytes import as_jpeg, as_png, to_pixels
from worker.ocr.turn import turned

#: Pixels by which a picture may miss what was read: turning about the middle of a page rounds.
MISSES = 2


@dataclass(frozen=True)
class Read:
    """A page as it came, and what the reader made of it."""

    image: PageImage
    clean: CleanPage

    @property
    def pose(self) -> Pose:
        height, width = self.clean.pixels.shape
        return Pose(1, self.clean.rotation, self.clean.skew, width, height)


def fax(sheet: Image.Image, dpi: tuple[float, float] = FINE) -> Read:
    return read(PageImage(faxed(sheet, dpi), dpi, is_bitonal=True))


def read(image: PageImage) -> Read:
    return Read(image, clean(image))


def scanned(dpi: int, tilt: float = 0.0) -> Read:
    return read(PageImage(np.asarray(tilted(printed(dpi=dpi), tilt)), (float(dpi), float(dpi))))


def share_of_ink_in(boxes: list[Box], picture: Pixels) -> float:
    ink = picture < 128
    inside = np.zeros_like(ink)
    for box in boxes:
        rows = slice(max(0, box.top - MISSES), box.top + box.height + MISSES)
        inside[rows, max(0, box.left - MISSES) : box.left + box.width + MISSES] = True
    return float((ink & inside).sum() / ink.sum())


def share_in_common(picture: Pixels, page: Pixels) -> float:
    """The share of ink of either that stands on or beside ink of the other."""
    here, there = picture < 128, np.asarray(Image.fromarray(page).resize(picture.shape[::-1])) < 128
    return min(float((near(there) & here).sum() / here.sum()), float((near(here) & there).sum() / there.sum()))


def near(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    side = 2 * MISSES + 1
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)


WAYS = {
    "fine": lambda: fax(printed()),
    "standard": lambda: fax(printed(), STANDARD),
    "superfine": lambda: fax(printed(), SUPERFINE),
    "upside down": lambda: fax(printed().transpose(Image.Transpose.ROTATE_180)),
    "lying, standard": lambda: fax(printed().transpose(Image.Transpose.ROTATE_90), STANDARD),
    "tilted": lambda: fax(tilted(printed(), 2.0)),
    "tilted upside down": lambda: fax(tilted(printed().transpose(Image.Transpose.ROTATE_180), 1.5), STANDARD),
    "scan": lambda: scanned(204),
    "fine scan": lambda: scanned(300, 1.0),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_read_lies_on_the_picture(way: str) -> None:
    page = WAYS[way]()

    picture = in_pose(page.image, page.pose)

    boxes = [line.box.scaled(page.pose.scale) for line in find_lines(page.clean.pixels)]
    assert picture.shape == page.pose.size[::-1]
    assert share_of_ink_in(boxes, picture) > 0.97
    assert share_in_common(picture, page.clean.pixels) > 0.97


def test_a_page_that_the_text_turned_over_is_drawn_turned_over() -> None:
    page = fax(tilted(printed(), 1.0))
    over = Read(page.image, turned(page.clean, to=page.clean.rotation + 180))

    picture = in_pose(over.image, over.pose)

    assert share_in_common(picture, over.clean.pixels) > 0.97


def test_nothing_is_cleaned_away() -> None:
    dirty = PageImage(streaked(speckled(faxed(printed(), FINE), 0.01), 1_500, 3), FINE, is_bitonal=True)
    page = read(dirty)

    picture = in_pose(page.image, page.pose)

    assert (picture[:, 1_501] < 128).mean() > 0.95
    assert (picture[-300:, :1_400] < 128).mean() > 0.005 > (page.clean.pixels[-300:, :1_400] < 128).mean()


def test_faxes_and_scans_are_small(tmp_path: Path) -> None:
    fax_file = save_tiff(tmp_path / "fax.tif", [black_and_white(faxed(printed(), FINE))])
    scan_file = save_tiff(tmp_path / "scan.tif", [printed(dpi=300)], compression="jpeg", dpi=(300, 300))

    (of_fax,), (of_scan,) = (draw(fax_file, Pose(1, 0, 0.0, 1728, 2245)), draw(scan_file, Pose(1, 0, 0.0, 2541, 3300)))

    assert size_and_kind(of_fax.page) == ((1728, 2245), "PNG")
    assert size_and_kind(of_scan.page) == ((1700, 2208), "JPEG")
    assert size_and_kind(of_fax.thumb) == size_and_kind(of_fax.blurred) == ((150, 195), "PNG")
    assert [len(picture or b"") < 300_000 for picture in (of_fax.page, of_scan.page)] == [True, True]
    assert max(len(of_fax.thumb), len(of_scan.thumb)) < 12_000


def draw(path: Path, *poses: Pose) -> tuple[Drawn, ...]:
    return draw_pages(DrawPages(path, poses, frozenset(pose.number for pose in poses)))


def size_and_kind(picture: bytes | None) -> tuple[tuple[int, int], str | None]:
    assert picture is not None
    image = Image.open(io.BytesIO(picture))
    return image.size, image.format


def test_only_thumbnails_are_drawn_where_no_more_is_wanted(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "fax.tif", [black_and_white(faxed(printed(), FINE))] * 2)

    drawn = draw_pages(DrawPages(path, (Pose(1, 0, 0.0, 1728, 2245), Pose(2, 0, 0.0, 1728, 2245)), frozenset({2})))

    assert [each.page is None for each in drawn] == [True, False]


def test_a_page_that_cannot_be_decoded_says_so(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "fax.tif", [black_and_white(faxed(printed(), FINE))])

    missing, unread = draw(path, Pose(7, 180, 1.0, 1728, 2245), Pose(1, 0, 0.0, 0, 0))

    assert size_and_kind(missing.page)[0] == (1728, 2245)
    assert 0 < (to_pixels(missing.page or b"") < 128).mean() < 0.05
    assert size_and_kind(unread.page)[0] == UNKNOWN_SIZE
    assert (to_pixels(unread.page or b"") < 128).mean() > 0.005


def test_a_thumbnail_shows_thin_strokes() -> None:
    page = fax(printed()).image.pixels

    small = thumbnail(page, is_bitonal=True)

    assert small.shape[1] == 150
    assert small[15:40].min() < 100


def test_nothing_can_be_read_from_a_blurred_thumbnail() -> None:
    one, other = (thumbnail(fax(printed(lines)).image.pixels, is_bitonal=True) for lines in (["HIV"], ["HIP"]))

    difference = np.abs(blurred(one).astype(int) - blurred(other).astype(int))

    assert np.abs(one.astype(int) - other.astype(int)).max() > 60
    assert difference.max() <= 8  # half of one of the sixteen shades that are kept


@pytest.mark.parametrize("kind", [partial(as_png, bits=2), as_jpeg])
def test_a_part_of_a_picture_is_cut_out(kind: Callable[[Pixels], bytes]) -> None:
    pixels = np.full((200, 300), 255, np.uint8)
    pixels[50:60, 100:120] = 0
    picture = kind(pixels)

    part = to_pixels(crop_picture(CropPicture(picture, (100, 50, 20, 10))))
    beyond = to_pixels(crop_picture(CropPicture(picture, (290, 190, 500, 500))))

    assert (part.shape, beyond.shape) == ((10, 20), (10, 10))
    assert part.max() < 60 < beyond.min()
