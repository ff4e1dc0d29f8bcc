"""Paints sheets: on a grey raster for faxes and scans, and as born-digital PDF pages."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.drawing.fonts import STAND_INS, face_path, pixel_font
from bench.drawing.sheet import HEIGHT, WIDTH, Bits, Block, Face, Ghost, Imprint, Mark, Picture, Sheet, Stroke, Words

POINTS = 72.0  # per inch


def paint_grey(sheet: Sheet, dpi: int) -> Bits:
    """A sheet as grey pixels (rows, columns), 255 is paper, at the same dpi both ways."""
    scale = dpi / POINTS
    image = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
    pen = ImageDraw.Draw(image)
    for mark in sheet.marks:
        _paint(image, pen, mark, scale)
    return np.asarray(image).copy()


def _paint(image: Image.Image, pen: ImageDraw.ImageDraw, mark: Mark, scale: float) -> None:
    match mark:
        case Words():
            font = pixel_font(mark.face.family, round(mark.face.size * scale, 2), bold=mark.face.bold)
            pen.text((mark.x * scale, mark.y * scale), mark.text, mark.grey, font, anchor="ls")
        case Stroke():
            points = [(x * scale, y * scale) for x, y in mark.points]
            pen.line(points, fill=mark.grey, width=max(1, round(mark.width * scale)))
        case Block():
            edges = [mark.x * scale, mark.y * scale, (mark.x + mark.w) * scale, (mark.y + mark.h) * scale]
            pen.rectangle(edges, fill=mark.grey)
        case Picture():
            size = (max(1, round(mark.w * scale)), max(1, round(mark.h * scale)))
            how = Image.Resampling.NEAREST if mark.crisp else Image.Resampling.BILINEAR
            image.paste(Image.fromarray(mark.bits).resize(size, how), (round(mark.x * scale), round(mark.y * scale)))
        case Ghost():
            image.paste(Image.fromarray(_seen_through(paint_grey(mark.front, round(scale * POINTS)))))
        case Imprint():
            image.paste(Image.fromarray(_raster(mark.pdf, mark.page, scale)).resize(image.size))


def _seen_through(front: Bits) -> Bits:
    """Mirrored, blurred by the paper and faint, with single dark dots: every threshold leaves something of it."""
    mirrored = np.ascontiguousarray(np.fliplr(front))
    blurred = np.asarray(cv2.GaussianBlur(mirrored, (0, 0), front.shape[1] / 600), np.int32)
    faint = 255 - (255 - blurred) * 14 // 100
    dots = (np.random.default_rng(7).random(front.shape) < 0.015) & (mirrored < 128)
    return np.where(dots, 110, faint).astype(np.uint8)


@lru_cache(maxsize=16)
def _raster(pdf: bytes, page: int, scale: float) -> NDArray[np.uint8]:
    document = pypdfium2.PdfDocument(pdf)
    pixels: NDArray[np.uint8] = document[page].render(scale=scale, grayscale=True).to_numpy()
    document.close()
    return np.ascontiguousarray(pixels.reshape(pixels.shape[0], pixels.shape[1]))


def paint_pdf(sheets: Sequence[Sheet]) -> bytes:
    """Sheets as a born-digital PDF with real text; the same sheets give the same bytes."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=True)
    for sheet in sheets:
        for mark in sheet.marks:
            _write(canvas, mark)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _write(canvas: Canvas, mark: Mark) -> None:
    match mark:
        case Words():
            canvas.setFillGray(mark.grey / 255)
            canvas.setFont(_registered(mark.face), mark.face.size)
            canvas.drawString(mark.x, HEIGHT - mark.y, mark.text)
        case Stroke():
            canvas.setStrokeGray(mark.grey / 255)
            canvas.setLineWidth(mark.width)
            path = canvas.beginPath()
            path.moveTo(mark.points[0][0], HEIGHT - mark.points[0][1])
            for x, y in mark.points[1:]:
                path.lineTo(x, HEIGHT - y)
            canvas.drawPath(path, stroke=1, fill=0)
        case Block():
            canvas.setFillGray(mark.grey / 255)
            canvas.rect(mark.x, HEIGHT - mark.y - mark.h, mark.w, mark.h, stroke=0, fill=1)
        case Picture():
            factor = 4 if mark.crisp else 1
            grown = np.kron(mark.bits, np.ones((factor, factor), np.uint8))
            picture = ImageReader(Image.fromarray(grown))
            canvas.drawImage(picture, mark.x, HEIGHT - mark.y - mark.h, mark.w, mark.h)
        case Imprint():
            picture = ImageReader(Image.fromarray(_raster(mark.pdf, mark.page, 200 / POINTS)))
            canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
        case Ghost():
            pass  # a born-digital page has no other side


def _registered(face: Face) -> str:
    family = STAND_INS.get(face.family, face.family)
    name = f"{family}{'-Bold' if face.bold else ''}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(face_path(family, bold=face.bold))))
    return name
