"""Chooses how a request's letter looks: layout, label word and symbol, always the same for the same request."""

import random
from collections.abc import Callable

from bench.drawing.letters import LAYOUTS, Layout, Letter, column_letter, foot_letter, list_letter, return_letter
from bench.drawing.payers import OURS, House, house_of
from bench.drawing.sheet import HEIGHT, WIDTH, Face, Imprint, Sheet
from bench.drawing.symbols import LINEAR, Symbol, extent
from bench.words import read_words
from worker.domain.request import Request
from worker.letters import Payer, render_letter

#: Mils a module that survive a standard fax, by symbology.
MILS = {"code128": 30.0, "code39": 22.0, "qr": 50.0, "datamatrix": 50.0, "pdf417": 24.0}


#: Not every payer prints that large: shares of MILS, the smallest is lost on a standard fax.
SHARES = (1.0, 1.0, 1.0, 0.75, 0.55, 0.4)


def symbol_for(request_id: str, symbology: str, *, turns: int = 0, room: float = 300.0) -> Symbol:
    """A request's symbol at its payer's size, always the same, and no larger than fits the page."""
    mils = MILS[symbology] * random.Random(f"size {request_id}").choice(SHARES)
    symbol = Symbol(request_id, symbology, mils, 38.0, turns)
    room = 480.0 if turns % 2 else room
    longest = max(extent(symbol))
    if symbology in LINEAR and longest > room:
        mils *= room / longest
    return Symbol(request_id, symbology, mils, 38.0, turns)


def design(requests: tuple[Request, ...], *, with_symbol: bool, broken: bool = False) -> tuple[Letter, Layout]:
    """The letter of a request and its layout; several requests make one letter that lists them."""
    request_id = requests[0].request_id
    rng = random.Random(f"letter {request_id}")
    house = house_of(request_id)
    layout = list_letter if len(requests) > 1 else rng.choice(LAYOUTS)
    symbology = rng.choice((house.symbology, house.symbology, "code128"))
    turns = rng.choice((1, 3)) if layout is foot_letter and symbology in LINEAR else 0
    if layout is foot_letter and not turns:
        symbology = "code128"
        turns = 1
    room = 230.0 if layout is column_letter else 300.0
    symbol = symbol_for(request_id, symbology, turns=turns, room=room) if with_symbol else None
    label = rng.choice(read_words("letter_ids"))
    return Letter(requests, house, symbol, label, broken), layout


def draw_letter(requests: tuple[Request, ...], rng: random.Random, *, with_symbol: bool, broken: bool = False) -> Sheet:
    """The first page of the letter of one request, or of one letter that lists several."""
    if len(requests) == 1 and with_symbol and not broken and house_of(requests[0].request_id) is OURS[0]:
        return own_letter(requests[0])
    letter, layout = design(requests, with_symbol=with_symbol, broken=broken)
    sheet = Sheet(y=44.0)
    layout(sheet, letter, random.Random(f"words {requests[0].request_id}"))
    return sheet


def own_letter(request: Request) -> Sheet:
    """The letter that our own mailroom sends: what worker.letters renders."""
    house = OURS[0]
    payer = Payer(house.name.title(), house.unit, (house.address,), house.fax, house.phone)
    return Sheet(marks=[Imprint(render_letter(request, payer))])


def second_page(request: Request, rng: random.Random, *, with_id: bool) -> Sheet:
    """Page 2 of 2 of a letter: what to send, with or without the id."""
    letter, _ = design((request,), with_symbol=False)
    face = letter.house.face
    sheet = Sheet(y=50.0)
    sheet.line(letter.house.name, face.strong)
    if with_id:
        sheet.line(f"{letter.id_label}: {request.request_id}", face)
    sheet.gap(14)
    sheet.line("Documents to include with your reply", face.at(13).strong)
    for item in rng.sample(read_words("letter_wanted"), 7):
        sheet.gap(5)
        sheet.line(item, face, 22)
        sheet.frame(sheet.left + 4, sheet.y - 9, 9, 9)
    sheet.gap(20)
    sheet.paragraph(rng.choice(read_words("letter_closing")), face)
    sheet.words(WIDTH - 120, HEIGHT - 40, "Page 2 of 2", face.at(9))
    return sheet


def others_letter(house: House, request: Request, rng: random.Random) -> Sheet:
    """A letter of a payer that is not ours, about a request we never made."""
    layout: Callable[[Sheet, Letter, random.Random], None] = rng.choice(
        [item for item in LAYOUTS if item not in (foot_letter, list_letter, return_letter)]
    )
    sheet = Sheet(y=44.0)
    symbol = symbol_for(request.request_id, house.symbology, room=230.0)
    layout(sheet, Letter((request,), house, symbol, rng.choice(read_words("letter_ids"))), rng)
    return sheet


def appeal_page(request: Request, rng: random.Random, *, is_grievance: bool) -> Sheet:
    """A provider's or member's appeal, or a complaint, that names claim and member."""
    face = Face(rng.choice(("Liberation Serif", "Carlito", "DejaVu Sans", "Courier Prime")), 11)
    sheet = Sheet(y=60.0)
    name = f"{request.member_first_name} {request.member_last_name}"
    sheet.line(f"{request.letter_date:%B} {request.letter_date.day}, {request.letter_date.year}", face)
    sheet.gap(12)
    sheet.line(rng.choice(OURS).name, face)
    sheet.line("Appeals and Grievances Department", face)
    sheet.gap(12)
    title = (
        rng.choice(("GRIEVANCE", "Member Complaint", "Formal Grievance"))
        if is_grievance
        else rng.choice(("APPEAL", "Request for Reconsideration", "Provider Appeal - First Level"))
    )
    sheet.line(title, face.at(14).strong)
    sheet.line(f"Member: {name}    ID: {request.member_id}", face)
    sheet.line(f"Claim: {request.claim_number}    Service: {request.service_from:%m/%d/%Y}", face)
    sheet.gap(8)
    for _ in range(rng.randint(3, 5)):
        lines = rng.sample(read_words("grievance" if is_grievance else "appeal"), 3)
        sheet.paragraph(" ".join(lines), face)
        sheet.gap(8)
    sheet.line("Sincerely,", face)
    sheet.gap(10)
    sheet.line(f"{rng.choice('ABCDEJKLM')}. {rng.choice(read_words('surnames_rare'))}", Face("Dancing Script", 20))
    return sheet
