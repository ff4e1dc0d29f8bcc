"""Reads the lines of several sheets, turns over what reads badly, and asks again for lines that gave no word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from worker.domain.reading import Region, Word
from worker.ocr.engines import Engine
from worker.ocr.images import Pixels
from worker.ocr.sender import is_sender_line
from worker.ocr.sheets import Sheet, turned_over
from worker.ocr.tesseract import read_lines
from worker.ocr.text_lines import for_engine
from worker.ocr.turn import is_doubtful, reads_better, reads_well

#: Seconds that Tesseract may take for one line image, and for its start.
SECONDS_PER_LINE, SECONDS_TO_START = 1.0, 20.0
#: Pixels by which the ends of two senders' lines may differ and still be one machine's line with another page number.
SAME_LEFT, SAME_RIGHT = 8, 30
INK_BELOW = 128
#: A line of text is this many times as long as it is high where it holds a name.
NAME_LENGTH = 4

Words = Sequence[Word]


@dataclass(frozen=True, slots=True, eq=False)
class ReadSheet:
    """A sheet with the words of each of its line images, and those of the strip above it (None: no strip)."""

    sheet: Sheet
    lines: tuple[Words, ...]
    strip: Words | None

    @property
    def silent(self) -> tuple[int, ...]:
        """Which line images are long enough for a name and hold no word."""
        images = enumerate(self.sheet.images)
        return tuple(k for k, image in images if not self.lines[k] and image.shape[1] >= NAME_LENGTH * image.shape[0])

    @property
    def unread(self) -> int:
        """How many these are."""
        return len(self.silent)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads line images with the engine that was chosen."""

    engine: Engine = Engine.PROGRAM

    def __call__(self, images: Sequence[Pixels]) -> Iterator[Words]:
        """The words on each image."""
        return iter(read_lines(images, timeout_s=SECONDS_TO_START + SECONDS_PER_LINE * len(images), engine=self.engine))


def read_sheets(sheets: Sequence[Sheet], engine: Engine = Engine.PROGRAM) -> list[ReadSheet]:
    """The words of all sheets, each sheet the way up in which it reads better."""
    read_images = Reader(engine)
    strips = [_strip_of(sheet) for sheet in sheets]
    models = _models(strips)
    line_images = [image for sheet in sheets for image in sheet.images]
    words = read_images([*line_images, *_images(strips, set(models.values()))])
    lines = [tuple(next(words) for _ in sheet.images) for sheet in sheets]
    above = _words_above(strips, models, words, read_images)
    read = [ReadSheet(*one) for one in zip(sheets, lines, above, strict=True)]
    doubtful = [k for k, one in enumerate(read) if _may_be_on_its_head(one)]
    over = [turned_over(read[k].sheet) for k in doubtful]
    words = read_images([image for sheet in over for image in sheet.images])
    for k, sheet in zip(doubtful, over, strict=True):
        as_turned = tuple(next(words) for _ in sheet.images)
        if reads_better(as_turned, read[k].lines):
            read[k] = ReadSheet(sheet, as_turned, read[k].strip)
    return _silent_lines_again(read, read_images)


def _silent_lines_again(read: Sequence[ReadSheet], read_images: Reader) -> list[ReadSheet]:
    """Now and then the engine finds nothing on a line that it reads well at another scale."""
    silent = [(k, at) for k, one in enumerate(read) for at in one.silent]
    again = [for_engine(read[k].sheet.lines[at].image, Region.BANDS_AGAIN) for k, at in silent]
    words = read_images([image for image, _ in again])
    lines = [list(one.lines) for one in read]
    for (k, at), (_, scale) in zip(silent, again, strict=True):
        lines[k][at] = [replace(w, box=w.box.scaled(read[k].sheet.scales[at] / scale)) for w in next(words)]
    return [ReadSheet(one.sheet, tuple(its), one.strip) for one, its in zip(read, lines, strict=True)]


def _may_be_on_its_head(one: ReadSheet) -> bool:
    first = one.sheet.ask.rotation is None
    return first and is_doubtful(one.sheet.page) and not reads_well(one.lines)


def _strip_of(sheet: Sheet) -> Pixels | None:
    return sheet.page.sender_strip if sheet.ask.is_first_look else None


def _models(strips: Sequence[Pixels | None]) -> dict[int, int]:
    """For each strip the first that looks like it: one call's pages bear one line but for the page number."""
    models: dict[int, int] = {}
    for k, strip in enumerate(strips):
        if strip is not None:
            alike = (m for m in dict.fromkeys(models.values()) if _is_same_line(strips[m], strip))
            models[k] = next(alike, k)
    return models


def _words_above(
    strips: Sequence[Pixels | None], models: Mapping[int, int], words: Iterator[Words], read_images: Reader
) -> list[Words | None]:
    """The words of each strip, those of its model where that is a sender's line; else the strip is read itself."""
    found: dict[int, Words] = {k: next(words) for k in sorted(set(models.values()))}
    unlike = sorted(k for k, model in models.items() if k != model and not is_sender_line(found[model]))
    found |= zip(unlike, read_images(_images(strips, set(unlike))), strict=True)
    return [found.get(k, found.get(models[k])) if k in models else None for k in range(len(strips))]


def _images(strips: Sequence[Pixels | None], wanted: set[int]) -> list[Pixels]:
    return [strip for k, strip in enumerate(strips) if k in wanted and strip is not None]


def _is_same_line(first: Pixels | None, second: Pixels) -> bool:
    if first is None or abs(first.shape[0] - second.shape[0]) > SAME_LEFT:
        return False
    (left, right), (other_left, other_right) = _ends(first), _ends(second)
    return abs(left - other_left) <= SAME_LEFT and abs(right - other_right) <= SAME_RIGHT


def _ends(strip: Pixels) -> tuple[int, int]:
    """The first and the last column with more ink than a speck."""
    columns = np.flatnonzero((strip < INK_BELOW).sum(axis=0) >= 3)
    return (int(columns[0]), int(columns[-1])) if len(columns) else (0, 0)
