"""Renders the letter that asks a provider for the records of one claim: US letter, one page, plain strings.

The symbols and the identity table carry everything the mailroom needs when the page comes back as a fax.
"""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from worker.domain.request import Request
from worker.letters.faces import broken, letter_faces, width
from worker.letters.payer import Payer
from worker.letters.symbols import draw_linear, draw_square

#: What is asked for when the caller names nothing else.
STANDARD_RECORDS = (
    "History and physical, progress notes and orders",
    "Operative, procedure and anesthesia records",
    "Laboratory, imaging and pathology results",
    "Nursing notes, flow sheets and medication records",
    "Discharge summary and itemized bill",
)

PAGE_WIDTH, PAGE_HEIGHT = LETTER
MARGIN = 0.7 * inch
TABLE_SIZE = 12.5  # points: 10 rows of cap height in a standard fax
TEXT_SIZE = 11.0
SMALL_SIZE = 9.5
LABEL_WIDTH = 1.65 * inch


@dataclass(slots=True)
class _Pen:
    """Writes lines down the page; `y` is the baseline of the line written last."""

    canvas: Canvas
    y: float
    regular: str
    bold: str

    def text(self, text: str, size: float, *, bold: bool = False, room: float = PAGE_WIDTH - 2 * MARGIN) -> None:
        """Write a paragraph at the left margin."""
        face = self.bold if bold else self.regular
        for line in broken(text, face, size, room):
            self.y -= size * 1.2
            self._put(MARGIN, line, face, size)

    def pair(self, label: str, value: str) -> None:
        """Write one row of the identity table; long values take further lines."""
        room = PAGE_WIDTH - 2 * MARGIN - LABEL_WIDTH
        self.y -= TABLE_SIZE * 1.35
        self._put(MARGIN, f"{label}:", self.bold, TABLE_SIZE)
        lines = broken(value, self.regular, TABLE_SIZE, room)
        for number, line in enumerate(lines):
            self.y -= TABLE_SIZE * 1.15 if number else 0
            self._put(MARGIN + LABEL_WIDTH, line, self.regular, TABLE_SIZE)

    def gap(self, points: float) -> None:
        """Leave white space."""
        self.y -= points

    def _put(self, x: float, text: str, face: str, size: float) -> None:
        self.canvas.setFont(face, size)
        self.canvas.drawString(x, self.y, text)


def render_letter(request: Request, payer: Payer, *, asked: tuple[str, ...] = STANDARD_RECORDS) -> bytes:
    """The letter of a request as PDF. The same arguments on the same machine give the same bytes.

    `asked` has one entry for each kind of record that is wanted. An id too long for a Code 128 that survives a
    standard fax leaves the QR code alone on the page.
    """
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER, invariant=True)
    canvas.setTitle(f"Request {request.request_id}")
    pen = _Pen(canvas, PAGE_HEIGHT - 0.5 * inch, *letter_faces())
    _letterhead(pen, request, payer)
    _identity(pen, request)
    _question(pen, request, payer, asked)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _letterhead(pen: _Pen, request: Request, payer: Payer) -> None:
    square = draw_square(pen.canvas, request.request_id, PAGE_WIDTH - 0.4 * inch, pen.y + 0.1 * inch)
    top, room = pen.y, PAGE_WIDTH - 2 * MARGIN - square.width
    pen.text(payer.name, 18, bold=True, room=room)
    pen.text(payer.department, TEXT_SIZE, room=room)
    for line in payer.address:
        pen.text(line, SMALL_SIZE, room=room)
    pen.text(f"Fax {payer.fax}    Phone {payer.phone}", SMALL_SIZE, room=room)
    pen.y = min(pen.y - 6, top - square.height + 0.15 * inch)
    _linear(pen, request.request_id)


def _linear(pen: _Pen, request_id: str) -> None:
    left = 0.4 * inch
    area = draw_linear(pen.canvas, request_id, left, pen.y - 0.6 * inch, PAGE_WIDTH - 2 * left)
    if area is None:
        return
    pen.y -= 0.6 * inch + SMALL_SIZE
    size = min(SMALL_SIZE, SMALL_SIZE * area.width / width(request_id, pen.regular, SMALL_SIZE))
    pen.canvas.setFont(pen.regular, size)
    pen.canvas.drawCentredString(left + area.width / 2, pen.y, request_id)


def _identity(pen: _Pen, request: Request) -> None:
    pen.gap(8)
    pen.text(_long(request.letter_date), TEXT_SIZE)
    pen.gap(4)
    pen.text(request.provider_name, TEXT_SIZE)
    pen.text(f"NPI {request.provider_npi}    Fax {request.provider_fax}", TEXT_SIZE)
    pen.gap(8)
    pen.text("Request for medical records", 14, bold=True)
    pen.gap(2)
    for label, value in (
        ("Request ID", request.request_id),
        ("Claim number", request.claim_number),
        ("Member name", f"{request.member_first_name} {request.member_last_name}"),
        ("Member ID", request.member_id),
        ("Date of birth", _short(request.date_of_birth)),
        ("Dates of service", f"{_short(request.service_from)} - {_short(request.service_to)}"),
        ("Due date", _short(request.due_date)),
    ):
        pen.pair(label, value)


def _question(pen: _Pen, request: Request, payer: Payer, asked: tuple[str, ...]) -> None:
    pen.gap(10)
    pen.text("Please send these records for the dates of service above:", TEXT_SIZE, bold=True)
    for item in asked:
        pen.text(f"-  {item}", TEXT_SIZE)
    pen.gap(8)
    pen.text("How to answer", TEXT_SIZE, bold=True)
    pen.text(
        f"Put this letter on top of the records, one letter for each claim, and fax them to {payer.fax} or mail to "
        f"{payer.department}, {', '.join(payer.address)}, by {_long(request.due_date)}. "
        "Records of several claims may go in one fax if each has its own letter on top.",
        TEXT_SIZE,
    )
    pen.gap(6)
    pen.text(
        f"Questions: call {payer.phone} and give the request ID. An invoice for copies must name the request ID. "
        "A claim can be denied or adjusted when the records are not received.",
        SMALL_SIZE,
    )


def _short(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
