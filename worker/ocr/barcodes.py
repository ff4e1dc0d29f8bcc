"""Reads the barcodes of a page: cheap looks at all of it, costly ones only where something looks like a barcode.

Readers fail on different images, so that a place is read raw, after a median (specks, fax noise) and with thickened
ink (faint print); where none of these reads anything, further cleanings and a second reader have a try.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.domain.reading import Barcode, Box
from worker.ocr.barcodes_merge import CHECKED, is_settled, merge, moved
from worker.ocr.barcodes_regions import Region, around, find_regions
from worker.ocr.barcodes_zxing import Formats, read_zxing

Pixels = NDArray[np.uint8]

#: Reads a crop (H, W; grey) with another library; boxes in pixels of the crop. Never raises for a lost child.
SecondOpinion = Callable[[Pixels], tuple[Barcode, ...]]

#: Pixels along the bars to average: noise is not longer than this, bars are.
ALONG_BARS = 15


def find_barcodes(pixels: Pixels, second_opinion: SecondOpinion | None = None) -> tuple[Barcode, ...]:
    """The barcodes on `pixels` (H, W; grey, 0 is ink, square pixels): Code 128, Code 39, QR, Data Matrix, PDF417.

    Any angle, several a page; boxes in pixels of the given image. What a payload means is for others to say.
    """
    at_once = _read_at_once(pixels)
    regions = list(find_regions(pixels))
    regions += [around(b.box, pixels.shape) for b in at_once if not any(region.holds(b.box) for region in regions)]
    readings = [barcode for barcode in at_once if barcode.symbology in CHECKED]
    for region in regions:
        crop = np.ascontiguousarray(region.crop(pixels))
        readings += [moved(barcode, region.box) for barcode in _read(crop, region, second_opinion)]
    return merge(readings)


def _read_at_once(pixels: Pixels) -> tuple[Barcode, ...]:
    """Bars on the whole page, upright or lying. zxing-cpp would turn the page itself, at three times the cost."""
    upright = read_zxing(pixels, Formats.LINEAR, is_thorough=False)
    lying = read_zxing(np.asarray(cv2.transpose(pixels), np.uint8), Formats.LINEAR, is_thorough=False)
    return upright + tuple(replace(barcode, box=_transposed(barcode.box)) for barcode in lying)


def _transposed(box: Box) -> Box:
    return Box(box.top, box.left, box.height, box.width)


def _read(crop: Pixels, region: Region, second_opinion: SecondOpinion | None) -> list[Barcode]:
    despeckled = np.asarray(cv2.medianBlur(crop, 3), np.uint8)
    thickened = np.asarray(cv2.erode(crop, np.ones((2, 2), np.uint8)), np.uint8)
    readings = [b for cleaned in (crop, despeckled, thickened) for b in read_zxing(cleaned)]
    more = _rescue(crop, despeckled, region, second_opinion)
    while not is_settled(readings):
        found = next(more, None)
        if found is None:
            break
        readings += found
    return readings


def _rescue(
    crop: Pixels, despeckled: Pixels, region: Region, second_opinion: SecondOpinion | None
) -> Iterator[tuple[Barcode, ...]]:
    """Further tries, each only if those before left it open."""
    yield read_zxing(np.asarray(cv2.GaussianBlur(crop, (5, 5), 0), np.uint8))
    if region.is_linear:
        yield _read_upright(despeckled, region.tilt)
    yield _read_smaller(crop)
    if second_opinion is not None:
        yield second_opinion(despeckled)
        yield second_opinion(crop)


def _read_upright(crop: Pixels, tilt: float) -> tuple[Barcode, ...]:
    """Reads bars (PDF417 has them too) turned upright, and averaged along their length.

    The box is the crop's: nearer is not known.
    """
    upright = _turned(crop, tilt)
    averaged = np.asarray(cv2.blur(upright, (1, ALONG_BARS)), np.uint8)
    found = read_zxing(upright) + read_zxing(averaged, Formats.LINEAR)
    whole = Box(0, 0, crop.shape[1], crop.shape[0])
    return tuple(replace(barcode, box=whole) for barcode in found)


def _read_smaller(crop: Pixels) -> tuple[Barcode, ...]:
    """Reads at half the size, where thin streaks and rough edges are averaged away."""
    half = np.asarray(cv2.resize(crop, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return tuple(replace(barcode, box=barcode.box.scaled(2)) for barcode in read_zxing(half))


def _turned(crop: Pixels, tilt: float) -> Pixels:
    """The crop turned by -tilt on a canvas that holds all of it."""
    height, width = crop.shape
    side = int(np.hypot(height, width)) + 1
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turn[:, 2] += ((side - width) / 2, (side - height) / 2)
    return np.asarray(cv2.warpAffine(crop, turn, (side, side), borderValue=(255.0,)), np.uint8)
