"""Request letters of payers in eight layouts, with every kind of symbol, and their second pages."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.drawing.identity import print_date
from bench.drawing.payers import House
from bench.drawing.sheet import HEIGHT, Face, Sheet
from bench.drawing.symbols import Symbol, damage, extent, stamp
from bench.words import read_words
from worker.domain.request import Request

ASKED = read_words("letter_asked")
ANSWER = read_words("letter_answer")
CLOSING = read_words("letter_closing")
WANTED = read_words("letter_wanted")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about to be drawn. `requests` has more than one entry only in letters that list claims."""

    requests: tuple[Request, ...]
    house: House
    symbol: Symbol | None
    id_label: str = "Request ID"
    is_broken: bool = False

    @property
    def first(self) -> Request:
        """The request the letter is headed with."""
        return self.requests[0]

    def facts(self) -> list[tuple[str, str]]:
        """All fields with labels, in the usual order."""
        r = self.first
        return [
            (self.id_label, r.request_id),
            ("Claim number", r.claim_number),
            ("Member name", f"{r.member_first_name} {r.member_last_name}"),
            ("Member ID", r.member_id),
            ("Date of birth", print_date(r.date_of_birth, "slashes")),
            ("Dates of service", span(r)),
            ("Due date", print_date(r.due_date, "slashes")),
        ]


Layout = Callable[[Sheet, Letter, random.Random], None]


def span(request: Request) -> str:
    """Dates of service as letters print them."""
    start, end = print_date(request.service_from, "slashes"), print_date(request.service_to, "slashes")
    return start if start == end else f"{start} - {end}"


def place_symbol(sheet: Sheet, letter: Letter, x: float, y: float, rng: random.Random) -> float:
    """Print the letter's symbol at (x, y), scratched where it is broken; gives the y below it."""
    if letter.symbol is None:
        return y
    stamp(sheet, x, y, letter.symbol, Face("Liberation Mono", 8))
    if letter.is_broken:
        damage(sheet, x, y, letter.symbol, rng)
    return y + extent(letter.symbol)[1] + 16


def right_symbol(sheet: Sheet, letter: Letter, y: float, rng: random.Random) -> float:
    """Print the symbol flush right."""
    wide = extent(letter.symbol)[0] if letter.symbol else 0.0
    return place_symbol(sheet, letter, sheet.right - wide, y, rng)


def _closing(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    face = letter.house.face
    for text in (rng.choice(ASKED), rng.choice(ANSWER)):
        sheet.gap(face.size * 0.8)
        sheet.paragraph(text, face)
    sheet.gap(face.size * 0.8)
    house = letter.house
    sheet.paragraph(f"Fax {house.fax} or mail to {house.unit}, {house.address}. Questions: {house.phone}.", face)
    sheet.gap(face.size * 0.8)
    sheet.paragraph(rng.choice(CLOSING), face.at(face.size - 1))


def _addressee(sheet: Sheet, letter: Letter) -> None:
    face, first = letter.house.face, letter.first
    sheet.gap(14)
    sheet.line(print_date(first.letter_date, "long"), face)
    sheet.gap(8)
    sheet.line(first.provider_name, face)
    sheet.line(f"NPI {first.provider_npi}   Fax {first.provider_fax}", face)
    sheet.gap(8)


def table_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """Head at the left, symbol at the right, fields in a table."""
    face = letter.house.face
    below = right_symbol(sheet, letter, 46, rng)
    sheet.line(letter.house.name, face.at(16).strong)
    sheet.line(letter.house.unit, face)
    sheet.y = max(sheet.y, below)
    _addressee(sheet, letter)
    sheet.line("RE: Request for medical records", face.strong)
    for label, value in letter.facts():
        sheet.line(f"{label}:", face.strong, 8)
        sheet.words(sheet.left + 150, sheet.y, value, face)
    _closing(sheet, letter, rng)


def prose_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """Everything in sentences; the symbol at the left above the text."""
    r, face = letter.first, letter.house.face
    sheet.line(letter.house.name, face.at(14).strong)
    sheet.line(f"{letter.house.unit}, {letter.house.address}", face.at(9))
    sheet.y = place_symbol(sheet, letter, sheet.left, sheet.y + 12, rng)
    _addressee(sheet, letter)
    sheet.line(f"{letter.id_label}: {r.request_id}", face.strong)
    sheet.gap(8)
    sheet.paragraph(
        f"We are reviewing claim {r.claim_number} for our member {r.member_first_name} {r.member_last_name}, "
        f"identification {r.member_id}, born {print_date(r.date_of_birth, 'long')}, for services from "
        f"{print_date(r.service_from, 'long')} to {print_date(r.service_to, 'long')}. "
        f"We ask for your answer by {print_date(r.due_date, 'long')}.",
        face,
    )
    _closing(sheet, letter, rng)


def boxed_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """Fields in a grid of cells with small labels, the symbol at the bottom."""
    face = letter.house.face
    sheet.y += 20
    sheet.centred(sheet.y, letter.house.name, face.at(15).strong)
    sheet.y += 16
    sheet.centred(sheet.y, f"{letter.house.unit} - Medical Record Request", face)
    _addressee(sheet, letter)
    wide, high, top = (sheet.right - sheet.left) / 2, 36.0, sheet.y
    facts = [*letter.facts(), ("Provider NPI", letter.first.provider_npi)]
    for i, (label, value) in enumerate(facts):
        x, y = sheet.left + i % 2 * wide, top + i // 2 * high
        sheet.frame(x, y, wide, high)
        sheet.words(x + 4, y + 10, label.upper(), face.at(7))
        sheet.words(x + 8, y + 28, value, face.at(13))
    sheet.y = top + high * ((len(facts) + 1) // 2)
    _closing(sheet, letter, rng)
    tall = extent(letter.symbol)[1] if letter.symbol else 0.0
    place_symbol(sheet, letter, sheet.left + rng.choice((0, 60)), HEIGHT - 70 - tall, rng)


def column_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """Two columns: addresses and text at the left, facts and symbol at the right."""
    face = letter.house.face
    middle = (sheet.left + sheet.right) / 2 + 12
    sheet.line(letter.house.name, face.at(15).strong)
    sheet.rule(sheet.left, sheet.y + 6, sheet.right, sheet.y + 6, 2)
    top = sheet.y + 20
    deep = place_symbol(sheet, letter, middle, top, rng)
    for label, value in letter.facts():
        sheet.words(middle, deep + 10, label, face.at(8.5).strong)
        sheet.words(middle, deep + 24, value, face)
        deep += 32
    sheet.y, sheet.right = top - 14, middle - 18
    _addressee(sheet, letter)
    _closing(sheet, letter, rng)


def foot_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """A plain letter; id and claim only in the last line, the symbol turned at the left edge."""
    r, face = letter.first, letter.house.face
    sheet.left += 40
    sheet.line(letter.house.name, face.at(14).strong)
    sheet.line(letter.house.address, face)
    _addressee(sheet, letter)
    sheet.paragraph("Subject: records needed for review", face.strong)
    for label, value in letter.facts()[2:]:
        sheet.line(f"{label}  {value}", face)
    _closing(sheet, letter, rng)
    place_symbol(sheet, letter, sheet.left - 62, 180, rng)
    sheet.rule(sheet.left, HEIGHT - 70, sheet.right, HEIGHT - 70)
    sheet.words(sheet.left, HEIGHT - 54, f"{letter.id_label} {r.request_id}    Claim {r.claim_number}", face)


def notice_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """A notice with a large title and numbered points; the symbol above the foot."""
    face = letter.house.face
    sheet.y += 24
    sheet.centred(sheet.y, "NOTICE OF DOCUMENTATION REQUEST", face.at(17).strong)
    sheet.y += 18
    sheet.centred(sheet.y, f"{letter.house.name}, {letter.house.unit}", face)
    _addressee(sheet, letter)
    for i, (label, value) in enumerate(letter.facts(), 1):
        sheet.line(f"{i}.  {label} ... {value}", face)
        sheet.gap(3)
    _closing(sheet, letter, rng)
    place_symbol(sheet, letter, sheet.left, sheet.y + 20, rng)


def list_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """A table with one row for each claim; the symbol is that of the first."""
    face = letter.house.face.at(min(10, letter.house.face.size))
    sheet.line(letter.house.name, face.at(15).strong)
    below = right_symbol(sheet, letter, sheet.y - 8, rng)
    sheet.line(letter.house.unit, face)
    sheet.y = max(sheet.y, below)
    _addressee(sheet, letter)
    sheet.line("Records are requested for the claims listed:", face)
    sheet.gap(6)
    columns = [sheet.left, sheet.left + 92, sheet.left + 190, sheet.left + 320, sheet.left + 390]
    sheet.y += face.line
    for x, head in zip(columns, (letter.id_label, "Claim", "Member", "Born", "Service"), strict=True):
        sheet.words(x, sheet.y, head, face.strong)
    small = face.at(9)
    for r in letter.requests:
        sheet.rule(sheet.left, sheet.y + 4, sheet.right, sheet.y + 4, 0.5)
        sheet.y += face.line + 4
        name = f"{r.member_last_name}, {r.member_first_name}"
        row = (r.request_id, r.claim_number, name, print_date(r.date_of_birth, "slashes"), span(r))
        for x, value in zip(columns, row, strict=True):
            sheet.words(x, sheet.y, value, small)
        sheet.words(columns[2], sheet.y + small.line, r.member_id, small)
        sheet.y += small.line
    _closing(sheet, letter, rng)


def return_letter(sheet: Sheet, letter: Letter, rng: random.Random) -> None:
    """A form to send back as first page: large id, symbol in the middle, boxes to tick."""
    face = letter.house.face
    sheet.y += 22
    sheet.centred(sheet.y, "RETURN THIS PAGE WITH THE RECORDS", face.at(14).strong)
    wide = extent(letter.symbol)[0] if letter.symbol else 0.0
    sheet.y = place_symbol(sheet, letter, 306 - wide / 2, sheet.y + 16, rng) + 4
    sheet.line(f"{letter.house.name} / {letter.house.unit}", face)
    sheet.line(f"Fax {letter.house.fax}", face)
    _addressee(sheet, letter)
    for label, value in letter.facts():
        sheet.line(f"{label.upper()}: {value}", face)
        sheet.gap(2)
    for item in rng.sample(WANTED, 5):
        sheet.gap(4)
        sheet.line(item, face, 20)
        sheet.frame(sheet.left, sheet.y - 9, 10, 10)
    _closing(sheet, letter, rng)


LAYOUTS: tuple[Layout, ...] = (
    table_letter,
    prose_letter,
    boxed_letter,
    column_letter,
    foot_letter,
    notice_letter,
    list_letter,
    return_letter,
)
