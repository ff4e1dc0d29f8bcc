"""`python -m bench.picture OUT SOURCE PNG`: draws how a document was decided, page by page.

Each page's thumbnail, under it a bar for each request with the probability that the page is its, and the outcome.
"""

import argparse
from pathlib import Path

import cv2
from PIL import Image, ImageDraw, ImageFont

from worker.db import arrivals, pages
from worker.domain.decision import Decision, Outcome
from worker.ocr.cleanup import clean
from worker.ocr.open_document import Document, open_document
from worker.pipeline.give_out import Shelf
from worker.wiring import open_shelf

PAGE_WIDTH, PAGE_HEIGHT, GAP, LABELS = 190, 250, 14, 170
BAR_HEIGHT, ROW = 34, 48
COLOURS = ("#1f6fb2", "#c8571b", "#3b8f4f", "#8452a8", "#b03060")
NOBODY_COLOUR, INK, PAPER = "#777777", "#222222", "#ffffff"
FONT, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"


def main() -> None:
    """Reads the arguments and draws."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="output folder of pigeonhole process")
    parser.add_argument("source", help="a document, by its name in pages.csv")
    parser.add_argument("png", type=Path)
    given = parser.parse_args()
    shelf = open_shelf(given.out)
    draw_sequence(shelf, given.source).save(given.png, optimize=True)
    print(f"{given.png} drawn")


def draw_sequence(shelf: Shelf, source: str) -> Image.Image:
    """The picture of one document's decision. Raises LookupError for an unknown source."""
    arrival = arrivals.find_by_source(shelf.engine, source)
    if arrival is None:
        raise LookupError(f"no document {source!r}")
    decisions = pages.load_decisions(shelf.engine, arrival.sha256)
    rows = _owners(decisions)
    picture = Image.new(
        "RGB", (LABELS + len(decisions) * (PAGE_WIDTH + GAP), PAGE_HEIGHT + ROW * (len(rows) + 1) + 90), PAPER
    )
    pen = ImageDraw.Draw(picture)
    _draw_labels(pen, rows)
    with open_document(shelf.originals.path_of(arrival.sha256)) as document:
        for k, decision in enumerate(decisions):
            left = LABELS + k * (PAGE_WIDTH + GAP)
            picture.paste(_thumbnail(document, decision.page), (left, 34))
            pen.rectangle((left, 34, left + PAGE_WIDTH, 34 + PAGE_HEIGHT), outline=INK)
            _draw_page(pen, decision, rows, left)
    return picture


def _owners(decisions: tuple[Decision, ...]) -> list[str]:
    """The requests that some page may belong to, in the order in which they come up."""
    likely = [c.request_id for d in decisions for c in d.candidates if c.probability >= 0.05]
    return list(dict.fromkeys(likely))


def _thumbnail(document: Document, number: int) -> Image.Image:
    page = clean(document.page(number))
    small = cv2.resize(page.pixels, (PAGE_WIDTH, PAGE_HEIGHT), interpolation=cv2.INTER_AREA)
    return Image.fromarray(small)


def _draw_labels(pen: ImageDraw.ImageDraw, rows: list[str]) -> None:
    for k, owner in enumerate([*rows, "nobody's"]):
        top = PAGE_HEIGHT + 56 + k * ROW
        pen.text((8, top + 8), owner, font=ImageFont.truetype(BOLD, 15), fill=_colour(k, rows))
    pen.text((8, PAGE_HEIGHT + 60 + ROW * (len(rows) + 1)), "outcome", font=ImageFont.truetype(BOLD, 15), fill=INK)


def _colour(row: int, rows: list[str]) -> str:
    return NOBODY_COLOUR if row == len(rows) else COLOURS[row % len(COLOURS)]


def _draw_page(pen: ImageDraw.ImageDraw, decision: Decision, rows: list[str], left: int) -> None:
    font = ImageFont.truetype(FONT, 14)
    kind = decision.document_type.value.replace("_", " ")
    pen.text((left, 8), f"{decision.page}  {kind}", font=font, fill=INK)
    chances = {candidate.request_id: candidate.probability for candidate in decision.candidates}
    values = [chances.get(owner, 0.0) for owner in rows]
    for k, value in enumerate([*values, max(0.0, 1.0 - sum(chances.values()))]):
        bottom = PAGE_HEIGHT + 56 + k * ROW + BAR_HEIGHT
        pen.line((left, bottom, left + PAGE_WIDTH, bottom), fill="#cccccc")
        pen.rectangle((left, bottom - round(BAR_HEIGHT * value), left + PAGE_WIDTH, bottom), fill=_colour(k, rows))
    row = rows.index(decision.request_id) if decision.request_id in rows else len(rows)
    shown = f"filed {decision.request_id}" if decision.outcome is Outcome.FILED else decision.outcome.value
    top = PAGE_HEIGHT + 60 + ROW * (len(rows) + 1)
    pen.text((left, top), shown.replace("_", " "), font=ImageFont.truetype(BOLD, 14), fill=_colour(row, rows))


if __name__ == "__main__":
    main()
