"""Cover sheets, invoices, itemized bills, authorizations, separator sheets and blank backs."""

import random
from datetime import date

from bench.drawing.bodies import sign
from bench.drawing.charts import Chart, phone
from bench.drawing.identity import print_date, print_name
from bench.drawing.payers import OURS
from bench.drawing.sheet import HEIGHT, WIDTH, Face, Ghost, Sheet
from bench.drawing.symbols import Symbol, extent, stamp
from bench.people import Provider
from bench.words import read_words
from worker.domain.request import Request

#: UB revenue codes and what bills call them.
CHARGES = (
    ("0250", "PHARMACY"),
    ("0270", "MED SURG SUPPLIES"),
    ("0300", "LABORATORY"),
    ("0320", "RADIOLOGY DIAGNOSTIC"),
    ("0350", "CT SCAN"),
    ("0360", "OPERATING ROOM"),
    ("0370", "ANESTHESIA"),
    ("0420", "PHYSICAL THERAPY"),
    ("0450", "EMERGENCY ROOM"),
    ("0636", "DRUGS DETAIL CODED"),
    ("0710", "RECOVERY ROOM"),
    ("0120", "ROOM AND BOARD SEMI"),
)


def cover_sheet(provider: Provider, about: str, pages: int, rng: random.Random, day: date | None = None) -> Sheet:
    """A provider's own fax cover; `about` is its Re line and may be empty, `day` is drawn when not given."""
    sent = day or date(2026, 11, rng.randint(1, 20))
    face = Face(rng.choice(("Carlito", "Liberation Sans", "DejaVu Serif", "Courier Prime", "Lato")), 13)
    house = rng.choice(OURS)
    sheet = Sheet(left=rng.choice((54.0, 80.0)), y=rng.choice((50.0, 110.0)))
    title = rng.choice(("FAX", "Fax Cover Sheet", "FACSIMILE", "Fax Transmission", "TELEFAX MESSAGE"))
    sheet.y += 26
    if rng.random() < 0.5:
        sheet.centred(sheet.y, title, face.at(26).strong)
    else:
        sheet.words(sheet.left, sheet.y, title, face.at(26).strong)
    sheet.gap(16)
    rows = [
        ("To", f"{house.name} {house.unit}"),
        ("Fax", house.fax),
        ("From", provider.name),
        ("Phone", phone(provider.phone)),
        ("Date", print_date(sent, "long")),
        ("Pages", f"{pages} incl. cover"),
        ("Re", about),
    ]
    ruled = rng.random() < 0.5
    for label, value in rows:
        sheet.gap(6)
        sheet.line(f"{label}:", face.strong)
        sheet.words(sheet.left + 76, sheet.y, value, face)
        if ruled:
            sheet.rule(sheet.left + 72, sheet.y + 4, sheet.right, sheet.y + 4, 0.5)
    sheet.gap(26)
    sheet.paragraph(rng.choice(read_words("confidential")), face.at(9.5))
    return sheet


def invoice(request: Request, provider: Provider, pages: int, rng: random.Random) -> Sheet:
    """An invoice for copies that names the request."""
    face = Face(rng.choice(("Liberation Sans", "FreeSerif", "Carlito", "Liberation Mono")), 11)
    sheet = Sheet(y=50.0)
    seller = rng.choice((provider.name, "Tri-State Copy Service", "ChartWorks Release of Information"))
    sheet.line(seller, face.at(14).strong)
    sheet.line(f"Tax ID {rng.randint(10, 99)}-{rng.randrange(10**6, 10**7)}   {phone(provider.phone)}", face)
    sheet.gap(16)
    sheet.line(rng.choice(("INVOICE", "Invoice for copies", "STATEMENT OF COPY CHARGES")), face.at(18).strong)
    sheet.line(f"Invoice no. {rng.randrange(10**4, 10**6)}", face)
    label = rng.choice(read_words("letter_ids"))
    name = f"{request.member_last_name}, {request.member_first_name}"
    sheet.line(f"{label}: {request.request_id}", face)
    if rng.random() < 0.7:
        sheet.line(f"Patient: {name}    DOS {print_date(request.service_from, 'slashes')}", face)
    sheet.gap(14)
    fee = pages * 0.12
    rows = [("Search and retrieval", 0.0), (f"Copies, {pages} pages at $0.12", fee), ("Postage", 0.0)]
    for text, amount in rows:
        sheet.line(text, face)
        sheet.flush_right(sheet.right - 40, sheet.y, f"{amount:.2f}", face)
    sheet.rule(sheet.left, sheet.y + 6, sheet.right - 40, sheet.y + 6)
    sheet.gap(10)
    sheet.line("Amount due", face.strong)
    sheet.flush_right(sheet.right - 40, sheet.y, f"$ {fee:.2f}", face.strong)
    sheet.gap(20)
    sheet.paragraph("Please remit within 30 days. Make checks payable to the name above.", face)
    return sheet


def itemized_bill(chart: Chart, claim: str, rng: random.Random) -> Sheet:
    """Charges line by line, for a patient and perhaps a claim number."""
    style = chart.style
    face = style.face.at(min(style.face.size, 9.5))
    sheet = Sheet(left=46, right=WIDTH - 46, y=44.0)
    sheet.line(chart.provider.name, style.heading)
    title = rng.choice(("ITEMIZED STATEMENT", "Itemized Bill", "DETAIL OF CHARGES", "Patient Account Detail"))
    sheet.line(title, style.heading)
    name = print_name(chart.person, style.name_form)
    born = print_date(chart.person.born, style.birth_form)
    sheet.line(f"{style.labels[0]} {name}   {style.labels[1]} {born}   Acct {chart.account}", face)
    start, end = (print_date(day, style.visit_form) for day in chart.service)
    tail = f"   Claim {claim}" if claim and rng.random() < 0.6 else ""
    sheet.line(f"Service {start} to {end}{tail}", face)
    sheet.gap(8)
    total = 0.0
    for _ in range(rng.randint(10, 34)):
        if not sheet.has_room(40):
            break
        code, text = rng.choice(CHARGES)
        amount = round(rng.uniform(8, 1900), 2)
        total += amount
        sheet.line(print_date(chart.day(rng), "slashes"), face)
        sheet.words(sheet.left + 80, sheet.y, code, face)
        sheet.words(sheet.left + 125, sheet.y, text, face)
        sheet.flush_right(sheet.right - 90, sheet.y, str(rng.randint(1, 9)), face)
        sheet.flush_right(sheet.right, sheet.y, f"{amount:,.2f}", face)
    sheet.gap(8)
    sheet.line("TOTAL CHARGES", face.strong)
    sheet.flush_right(sheet.right, sheet.y, f"{total:,.2f}", face.strong)
    return sheet


def authorization(chart: Chart, rng: random.Random) -> Sheet:
    """A patient's authorization to release information."""
    face = chart.style.face.at(10.5)
    sheet = Sheet(y=56.0)
    sheet.y += 20
    title = "AUTHORIZATION FOR RELEASE OF HEALTH INFORMATION"
    sheet.centred(sheet.y, title, face.at(13).strong)
    sheet.gap(14)
    sheet.line(f"Patient name: {print_name(chart.person, chart.style.name_form)}", face)
    sheet.line(f"Date of birth: {print_date(chart.person.born, chart.style.birth_form)}", face)
    sheet.paragraph(f"I authorize {chart.provider.name} to disclose my records to my health plan.", face)
    for text in read_words("authorization"):
        sheet.gap(8)
        sheet.frame(sheet.left, sheet.y + 4, 9, 9)
        sheet.paragraph(text, face, indent=18)
    sheet.gap(30)
    sign(sheet, chart.style, rng)
    sheet.rule(sheet.left, sheet.y + 20, sheet.left + 240, sheet.y + 20)
    sheet.words(sheet.left, sheet.y + 32, "Signature of patient or representative", face.at(8.5))
    return sheet


def separator_sheet(rng: random.Random) -> Sheet:
    """A scanning station's separator with patch T in Code 39."""
    sheet = Sheet(y=90.0)
    face = Face("Liberation Sans", 24)
    sheet.y += 30
    sheet.centred(sheet.y, rng.choice(("SEPARATOR SHEET", "DOCUMENT SEPARATOR", "Batch Separator")), face.strong)
    for y in (170.0, 560.0):
        symbol = Symbol("PATCHT", "code39", 30, 60)
        stamp(sheet, WIDTH / 2 - extent(symbol)[0] / 2, y, symbol, Face("Liberation Mono", 10))
    sheet.centred(420, "Do not remove. Place between documents.", face.at(14))
    return sheet


def blank_back(front: Sheet | None, rng: random.Random) -> Sheet:
    """The empty back of a page: punch holes, a mirrored ghost of the front, dirt."""
    sheet = Sheet()
    if rng.random() < 0.6:
        edge = rng.choice((18.0, WIDTH - 32.0))
        for y in (110.0, HEIGHT / 2, HEIGHT - 120):
            ring = [(-6, -3), (-3, -6), (3, -6), (6, -3), (6, 3), (3, 6), (-3, 6), (-6, 3)]
            for k in range(6):
                sheet.block(edge + ring[k][0] / 2, y + ring[k][1] / 2, 7, 7, 30)
    if front is not None and rng.random() < 0.6:
        sheet.marks.append(Ghost(front))
    if rng.random() < 0.08:
        sheet.words(WIDTH / 2 - 90, HEIGHT / 2, "This page intentionally left blank", Face("Liberation Serif", 11))
    for _ in range(rng.randint(0, 4)):
        sheet.block(rng.uniform(10, WIDTH - 20), rng.uniform(10, HEIGHT - 20), rng.uniform(0.6, 2), 1.2, 60)
    return sheet
