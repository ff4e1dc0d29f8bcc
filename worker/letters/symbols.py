"""The two symbols of a letter, sized for a standard-resolution fax (204 by 98 dpi).

Code 128 needs 4 pixels a module across the page, QR 4 rows a module down the page (FIELD.md, Barcodes).
"""

from dataclasses import dataclass

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

MIL = inch / 1000

#: Module widths of Code 128 in mils, widest that fits first; the last is 4 pixels at 204 dpi.
LINEAR_MODULES = (30.0, 26.0, 23.0, 20.0)
#: Module of the QR code in mils: 4 rows at 98 dpi. Larger ones only give a burst of lost rows more to hit.
SQUARE_MODULE = 42.0
LINEAR_HEIGHT = 0.55 * inch
LINEAR_QUIET = 10  # modules on either side
SQUARE_QUIET = 4  # modules all round


@dataclass(frozen=True, slots=True)
class Area:
    """What a symbol takes with its quiet zones, in points."""

    width: float
    height: float


def draw_linear(canvas: Canvas, payload: str, x: float, y: float, room: float) -> Area | None:
    """Draw a Code 128 with its lower left corner at (x, y), at most `room` points wide.

    The widest of LINEAR_MODULES that fits is taken. Gives None and draws nothing when none fits or the
    payload is not ASCII: a symbol that no fax delivers is worse than none.
    """
    if not payload.isascii():
        return None
    for mils in LINEAR_MODULES:
        module = mils * MIL
        symbol = Code128(payload, barWidth=module, barHeight=LINEAR_HEIGHT, quiet=False)
        width = symbol.width + 2 * LINEAR_QUIET * module
        if width <= room:
            symbol.drawOn(canvas, x + LINEAR_QUIET * module, y)
            return Area(width, LINEAR_HEIGHT)
    return None


def draw_square(canvas: Canvas, payload: str, right: float, top: float) -> Area:
    """Draw a QR code (error correction H) with its upper right corner at (right, top), quiet zone included."""
    widget = QrCodeWidget(payload, barLevel="H", barBorder=SQUARE_QUIET)
    widget.qr.make()
    side = (widget.qr.getModuleCount() + 2 * SQUARE_QUIET) * SQUARE_MODULE * MIL
    widget.barWidth = widget.barHeight = side
    drawing = Drawing(side, side)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, right - side, top - side)
    return Area(side, side)
