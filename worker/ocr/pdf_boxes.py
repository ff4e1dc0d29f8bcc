"""Page boxes of a PDF: which part of the page is shown."""

import pikepdf

#: Left, bottom, right, top in points.
Rectangle = tuple[float, float, float, float]


def shown_box(page: pikepdf.Page) -> Rectangle:
    """The crop box within the media box."""
    crop, media = _box(page.cropbox), _box(page.mediabox)
    return max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])


def _box(box: pikepdf.Array) -> Rectangle:
    x0, y0, x1, y1 = (float(box[k]) for k in range(4))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
