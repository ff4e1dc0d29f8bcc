"""The sheet that explains a page: left the page with its marks, right why it went where it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.reading import Box
from worker.explaining.account import Account, Mark, Side
from worker.explaining.heading import Heading, heading_shapes
from worker.explaining.panel import panel_shapes
from worker.explaining.shapes import Chip, Frame, Ink, Measure, Shape, chip_size
from worker.explaining.tags import tag_places

#: Pixels: the page is drawn at most so wide and high, the panel beside it is so wide, with so much air around both.
PAGE_WIDTH, PAGE_HEIGHT, PANEL_WIDTH, AIR = 1_000, 1_400, 800, 28
#: Frames stand off the letters by so many pixels; those of the runner-up lie around those of the best.
OFF, RIVAL_OFF = 3, 7
INK_OF = {Side.FOR: Ink.FOR, Side.AGAINST: Ink.AGAINST, Side.RIVAL: Ink.RIVAL, Side.CODE: Ink.CODE}


@dataclass(frozen=True, slots=True)
class PageSize:
    """The page as it was read, in pixels, and where its words stand."""

    width: int
    height: int
    words: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All shapes with their places; the page's own picture comes to lie in `page`, below them."""

    width: int
    height: int
    page: Box
    shapes: tuple[Shape, ...]


def lay_out(heading: Heading, account: Account, size: PageSize, measure: Measure) -> Sheet:
    """Puts everything in its place. The sheet is as high as its longer side needs."""
    scale = min(PAGE_WIDTH / size.width, PAGE_HEIGHT / size.height)
    page = Box(AIR, AIR, max(1, round(size.width * scale)), max(1, round(size.height * scale)))
    left = AIR + PAGE_WIDTH + AIR
    top = Box(left, AIR, PANEL_WIDTH, 0)
    head, below = heading_shapes(heading, top, measure)
    panel, end = panel_shapes(account, Box(left, below, PANEL_WIDTH, 0), measure)
    words = tuple(_on_page(word, scale, page, 0) for word in size.words)
    shapes = (*_marked(account.marks, scale, page, words, measure), *head, *panel)
    return Sheet(left + PANEL_WIDTH + AIR, max(page.top + page.height, end) + AIR, page, shapes)


def _marked(marks: Sequence[Mark], scale: float, page: Box, words: Sequence[Box], measure: Measure) -> list[Shape]:
    """A frame around each place, and a tag beside it."""
    frames = [_on_page(mark.box, scale, page, RIVAL_OFF if mark.side is Side.RIVAL else OFF) for mark in marks]
    shapes: list[Shape] = [
        Frame(frame, INK_OF[mark.side], mark.side is Side.AGAINST) for frame, mark in zip(frames, marks, strict=True)
    ]
    tagged = [k for k, mark in enumerate(marks) if mark.label]
    sizes = [chip_size(marks[k].label, measure) for k in tagged]
    others = [frames[k] for k in range(len(marks)) if k not in tagged]
    tags = tag_places([frames[k] for k in tagged], sizes, [*words, *others], page)
    return shapes + [Chip(marks[k].label, tag, INK_OF[marks[k].side]) for k, tag in zip(tagged, tags, strict=True)]


def _on_page(box: Box, scale: float, page: Box, off: int) -> Box:
    """Where a box of the reading comes to lie on the sheet, with some air around it, kept on the page."""
    at = box.scaled(scale)
    left, top = max(0, at.left - off), max(0, at.top - off)
    right, bottom = min(page.width, at.left + at.width + off), min(page.height, at.top + at.height + off)
    return Box(page.left + left, page.top + top, max(1, right - left), max(1, bottom - top))
