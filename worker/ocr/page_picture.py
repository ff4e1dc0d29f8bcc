"""Draws pages for people: upright and straight as they were read, but with all that came, dirt and lines included.

Runs in a child process: what is drawn may come from a hostile file.
"""

import cv2
import numpy as np

from worker.domain.picture import Pose
from worker.errors import BadPageError
from worker.ocr.asks import CropPicture, Drawn, DrawPages
from worker.ocr.images import PageImage, Pixels
from worker.ocr.open_document import Document, open_document
from worker.ocr.picture_bytes import as_jpeg, as_png, to_pixels
from worker.ocr.plain_page import plain_page
from worker.ocr.squaring import straighten, turn

#: Pixels that a thumbnail has at most, across and down.
THUMB_WIDTH, THUMB_HEIGHT = 150, 300
#: By how much ink is darkened in the thumbnail of a fax: thin strokes fade when they are made small.
FAX_DARKER = 1.6
#: Pixels across of which a blurred thumbnail is made: a cell is as large as a stamp, so no word can be guessed.
BLURRED_WIDTH = 9


def draw_pages(ask: DrawPages) -> tuple[Drawn, ...]:
    """Each page in its pose; one that cannot be decoded is a plain page that says so. Raises BadDocumentError."""
    with open_document(ask.path) as document:
        return tuple(_draw(document, pose, is_full=pose.number in ask.full) for pose in ask.poses)


def crop_picture(ask: CropPicture) -> bytes:
    """The part as a picture of the same kind; what lies outside is left out."""
    pixels = to_pixels(ask.picture)
    left, top, width, height = ask.box
    part = pixels[max(0, top) : max(1, top + height), max(0, left) : max(1, left + width)]
    part = part if part.size else pixels[:1, :1]
    return as_png(part, bits=2) if ask.picture.startswith(b"\x89PNG") else as_jpeg(part)


def _draw(document: Document, pose: Pose, *, is_full: bool) -> Drawn:
    try:
        image = document.page(pose.number)
    except BadPageError as error:
        image = PageImage(plain_page(pose.size, error.reason), (200.0, 200.0), is_bitonal=True)
        pose = Pose(pose.number, 0, 0.0, *pose.size)
    pixels = in_pose(image, pose)
    thumb = thumbnail(pixels, is_bitonal=image.is_bitonal)
    page = None
    if is_full:
        page = as_png(pixels, bits=2) if image.is_bitonal else as_jpeg(pixels)
    return Drawn(pose.number, as_png(thumb, bits=4), as_png(blurred(thumb), bits=4), page)


def in_pose(image: PageImage, pose: Pose) -> Pixels:
    """The page (H, W) at the size of the pose, upright and straight: `cleanup.clean` without cleaning."""
    if not pose.width or not pose.height:
        return _fitted(image, pose.size)
    width, height = pose.size
    stored = (height, width) if pose.rotation in (90, 270) else (width, height)
    pixels = turn(_resized(image.pixels, stored), pose.rotation)
    return straighten(pixels, pose.skew) if pose.skew else pixels


def thumbnail(pixels: Pixels, *, is_bitonal: bool) -> Pixels:
    """The page small enough for a list, yet to be recognised."""
    height, width = pixels.shape
    factor = min(THUMB_WIDTH / width, THUMB_HEIGHT / height, 1.0)
    small = _resized(pixels, (max(1, round(width * factor)), max(1, round(height * factor))))
    if not is_bitonal:
        return small
    darker = np.clip(255 - (255 - np.arange(256)) * FAX_DARKER, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(small, darker), np.uint8)


def blurred(thumb: Pixels) -> Pixels:
    """A thumbnail of which only light and shade are left. Made from so few pixels that nothing can bring it back."""
    height, width = thumb.shape
    few = _resized(thumb, (BLURRED_WIDTH, max(1, round(BLURRED_WIDTH * height / width))))
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _fitted(image: PageImage, size: tuple[int, int]) -> Pixels:
    """A page of unknown size in the middle of a white sheet of this size."""
    height, width = image.pixels.shape
    across, down = width / image.dpi[0], height / image.dpi[1]
    factor = min(size[0] / across, size[1] / down)
    inner = (max(1, round(across * factor)), max(1, round(down * factor)))
    sheet = np.full((size[1], size[0]), 255, np.uint8)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    sheet[top : top + inner[1], left : left + inner[0]] = _resized(image.pixels, inner)
    return sheet


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    height, width = pixels.shape
    if (width, height) == size:
        return pixels
    is_smaller = size[0] < width or size[1] < height
    way = cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)
