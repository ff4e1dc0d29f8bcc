"""Paints a sheet: the shapes over the page's own picture, as PNG."""

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from worker.domain.reading import Box
from worker.explaining.shapes import CHIP_FACE, Bar, Chip, Face, Frame, Ink, Rule, Shape, Text
from worker.explaining.sheet import Sheet

#: The letters that come with reportlab, so that the picture is the same on every machine.
REGULAR, BOLD = "Vera.ttf", "VeraBd.ttf"
#: How strongly a place is tinted (0 to 1), the width of its frame, and the lengths of dashes and gaps, in pixels.
TINT, FRAME_WIDTH, DASH, DASH_GAP = 0.12, 2, 7, 4
FRAME_INKS = (Ink.FOR, Ink.AGAINST, Ink.RIVAL, Ink.CODE)
#: Steps of grey, and from a colour to paper or to black.
GREYS, STEPS = 32, 6


def measure(text: str, face: Face) -> float:
    """The width in pixels of a text as it is painted."""
    return _font(face).getlength(text)


def paint(sheet: Sheet, page: bytes) -> bytes:
    """The sheet as PNG; `page` is the picture of the page, PNG or JPEG as ocr.page_picture draws it."""
    picture = Image.new("RGB", (sheet.width, sheet.height), Ink.PAPER)
    size = sheet.page.width, sheet.page.height
    with Image.open(io.BytesIO(page)) as drawn:
        picture.paste(drawn.convert("L").resize(size, Image.Resampling.LANCZOS), (sheet.page.left, sheet.page.top))
    pen = ImageDraw.Draw(picture)
    pen.rectangle(_corners(sheet.page, 1), outline=Ink.RULE)
    for shape in sheet.shapes:
        if isinstance(shape, Frame):
            _tint(picture, shape)
    for shape in sheet.shapes:
        _draw(pen, shape)
    written = io.BytesIO()
    picture.quantize(palette=_palette(), dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


@cache
def _palette() -> Image.Image:
    """All colours of a sheet: greys, the inks paling into paper, and grey letters under each tint."""
    greys = [(shade, shade, shade) for shade in (round(255 * k / (GREYS - 1)) for k in range(GREYS))]
    inks = [ImageColor.getrgb(ink)[:3] for ink in Ink if ink is not Ink.PAPER]
    parts = [k / STEPS for k in range(1, STEPS + 1)]
    pale = [tuple(round(255 + (c - 255) * part) for c in ink) for ink in inks for part in parts]
    tints = [[255 + (c - 255) * TINT for c in ImageColor.getrgb(ink)[:3]] for ink in FRAME_INKS]
    under = [tuple(round(c * part) for c in tint) for tint in tints for part in parts]
    colours = dict.fromkeys([*greys, *pale, *under])
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


@cache
def _font(face: Face) -> ImageFont.FreeTypeFont:
    with (files("reportlab") / "fonts" / (BOLD if face.is_bold else REGULAR)).open("rb") as letters:
        return ImageFont.truetype(io.BytesIO(letters.read()), face.size)


def _draw(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    match shape:
        case Text(text, box, face, ink):
            pen.text((box.left, box.top + box.height / 2), text, font=_font(face), fill=ink, anchor="lm")
        case Bar(box, ink):
            pen.rectangle(_corners(box), fill=ink)
        case Rule(box):
            pen.rectangle(_corners(box), fill=Ink.REST)
        case Chip():
            _draw_chip(pen, shape)
        case Frame(box, ink, True):
            _draw_dashed(pen, box, ink)
        case Frame(box, ink):
            pen.rectangle(_corners(box), outline=ink, width=FRAME_WIDTH)


def _draw_chip(pen: ImageDraw.ImageDraw, chip: Chip) -> None:
    fill = chip.ink if chip.is_filled else Ink.PAPER
    pen.rounded_rectangle(_corners(chip.box), radius=4, fill=fill, outline=chip.ink)
    middle = chip.box.left + chip.box.width / 2, chip.box.top + chip.box.height / 2
    ink = Ink.PAPER if chip.is_filled else chip.ink
    pen.text(middle, chip.label, font=_font(CHIP_FACE), fill=ink, anchor="mm")


def _draw_dashed(pen: ImageDraw.ImageDraw, box: Box, ink: Ink) -> None:
    left, top, right, bottom = _corners(box)
    for x in range(left, right, DASH + DASH_GAP):
        for y in (top, bottom - FRAME_WIDTH + 1):
            pen.rectangle((x, y, min(x + DASH, right), y + FRAME_WIDTH - 1), fill=ink)
    for y in range(top, bottom, DASH + DASH_GAP):
        for x in (left, right - FRAME_WIDTH + 1):
            pen.rectangle((x, y, x + FRAME_WIDTH - 1, min(y + DASH, bottom)), fill=ink)


def _tint(picture: Image.Image, frame: Frame) -> None:
    """Colours the paper within the frame; letters stay as dark as they are."""
    left, top, right, bottom = _corners(frame.box)
    part = picture.crop((left, top, right + 1, bottom + 1))
    white = Image.new("RGB", part.size, Ink.PAPER)
    colour = Image.blend(white, Image.new("RGB", part.size, frame.ink), TINT)
    picture.paste(ImageChops.multiply(part, colour), (left, top))


def _corners(box: Box, off: int = 0) -> tuple[int, int, int, int]:
    """Left, top, right and bottom pixels as Pillow wants them: the last ones belong to the box."""
    return box.left - off, box.top - off, box.left + box.width - 1 + off, box.top + box.height - 1 + off
