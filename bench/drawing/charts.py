"""A provider's chart of one patient: record pages in one style, with more or less identity on each."""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from bench.drawing.bodies import RECORDS, TITLE_KINDS, lab_table
from bench.drawing.clinical import sentence
from bench.drawing.fonts import HAND
from bench.drawing.headers import HEADERS
from bench.drawing.identity import Facts, Style, draw_style, print_date, print_name
from bench.drawing.sheet import HEIGHT, WIDTH, Face, Sheet, Stroke
from bench.drawing.symbols import Symbol, extent, stamp
from bench.people import Person, Provider

#: What a page shows of (name, birth date, account, visit), and how often beyond the first page.
SHOWN = (
    ((True, True, True, True), 52),
    ((True, True, False, True), 9),
    ((True, True, True, False), 9),
    ((True, False, True, True), 8),
    ((True, False, False, True), 6),
    ((True, False, False, False), 4),
    ((False, False, True, True), 3),
    ((False, False, False, True), 4),
    ((False, False, False, False), 5),
)
FULL = SHOWN[0][0]


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient at a provider, the visit's first and last day, and the chart's look."""

    person: Person
    provider: Provider
    account: str
    service: tuple[date, date]
    style: Style

    def day(self, rng: random.Random) -> date:
        """A day within the dates of service."""
        return self.service[0] + timedelta(days=rng.randint(0, (self.service[1] - self.service[0]).days))

    def facts(self, shown: tuple[bool, ...], rng: random.Random) -> Facts:
        """What a page prints of whose it is."""
        style = self.style
        name, born, account, visit = shown
        return Facts(
            name=print_name(self.person, style.name_form) if name else "",
            born=print_date(self.person.born, style.birth_form) if born else "",
            account=self.account if account else "",
            visit=print_date(self.day(rng), style.visit_form) if visit else "",
            provider=self.provider.name,
            town=f"{self.provider.town}  Tel {phone(self.provider.phone)}",
        )


def phone(digits: str) -> str:
    """Ten digits as people print them."""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def draw_chart(person: Person, provider: Provider, service: tuple[date, date], rng: random.Random) -> Chart:
    """A chart in a style of its own."""
    account = str(rng.randrange(10**5, 10 ** rng.choice((6, 7, 8))))
    return Chart(person, provider, account, service, draw_style(rng, tuple(HEADERS)))


def record_page(chart: Chart, number: int, total: int, rng: random.Random) -> Sheet:
    """Page `number` of `total` of a chart; the first page shows all, later ones what SHOWN says."""
    weights = [weight for _, weight in SHOWN]
    shown = FULL if number == 1 else rng.choices([mask for mask, _ in SHOWN], weights)[0]
    return page_showing(chart, shown, (number, total), rng)


def page_showing(chart: Chart, shown: tuple[bool, ...], counter: tuple[int, int], rng: random.Random) -> Sheet:
    """A record page that shows exactly these facts of (name, birth date, account, visit)."""
    titles, body = RECORDS[rng.choice(tuple(RECORDS))]
    margin = rng.choice((40.0, 50.0, 60.0))
    sheet = Sheet(left=margin, right=WIDTH - margin, y=rng.choice((38.0, 48.0, 60.0)))
    facts = chart.facts(shown, rng)
    HEADERS[chart.style.header](sheet, chart.style, facts, rng)
    sheet.gap(rng.choice((4, 8, 14)))
    title = rng.choice(titles)
    sheet.line(title, chart.style.heading)
    sheet.record_kind = TITLE_KINDS[title]
    if rng.random() < 0.08:
        foreign_symbol(sheet, chart, rng)
    body(sheet, chart.style, rng)
    _footer(sheet, chart, facts, counter, rng)
    return sheet


def _footer(sheet: Sheet, chart: Chart, facts: Facts, counter: tuple[int, int], rng: random.Random) -> None:
    if chart.style.header == "foot" or rng.random() < 0.3:
        return
    face = chart.style.face.at(max(7.5, chart.style.face.size - 1))
    page = rng.choice((f"Page {counter[0]} of {counter[1]}", f"Page {counter[0]}", f"{counter[0]}/{counter[1]}"))
    named = f"{facts.name}   " if facts.name and rng.random() < 0.3 else ""
    sheet.words(rng.choice((sheet.left, WIDTH / 2 - 30)), HEIGHT - 40, f"{named}{page}", face)


def foreign_symbol(sheet: Sheet, chart: Chart, rng: random.Random) -> None:
    """A barcode that is none of ours: specimen, shipping, pharmacy or portal."""
    made = rng.choice(
        (
            Symbol(f"S{rng.randrange(10**6, 10**8)}", "code128", rng.choice((10, 15, 20)), 22),
            Symbol(f"*{chart.account}".strip("*"), "code39", 12, 20),
            Symbol(
                f"(01)0{rng.randrange(10**12)}(17)270331(10){rng.randrange(10**5)}", "datamatrix", 20, caption=False
            ),
            Symbol(f"portal.example/v/{rng.randrange(10**9)}", "qr", 20, caption=False),
            Symbol(f"1Z{rng.randrange(10**15, 10**16)}", "code128", 14, 34),
        )
    )
    wide, high = extent(made)
    stamp(sheet, sheet.right - wide, HEIGHT - 110 - high, made, Face("Liberation Mono", 7))


def hand_page(rng: random.Random) -> Sheet:
    """A page written by hand, with nothing that says whose it is."""
    sheet = Sheet(left=60, y=rng.choice((60.0, 90.0)))
    face = Face(rng.choice(HAND), rng.choice((13.0, 15.0, 17.0)), leading=1.5)
    for _ in range(rng.randint(4, 11)):
        sheet.paragraph(sentence(rng, "pt"), face, indent=rng.choice((0, 0, 12)))
        sheet.gap(rng.choice((0, 0, 14)))
    return sheet


def strip_page(rng: random.Random) -> Sheet:
    """A rhythm strip on its grid, without a name."""
    sheet = Sheet(left=40, right=WIDTH - 40)
    face = Face("Liberation Sans", 8)
    beat = rng.uniform(30, 55)
    for row, lead in enumerate(("I", "II", "V1", "V5")[: rng.randint(2, 4)]):
        base = 150.0 + row * 140
        for k in range(27):
            x = sheet.left + k * 20
            sheet.rule(x, base - 60, x, base + 50, 0.25)
        for k in range(6):
            sheet.rule(sheet.left, base - 60 + k * 22, sheet.left + 520, base - 60 + k * 22, 0.25)
        points = [(sheet.left + t, base - _wave(t % beat, beat)) for t in range(520)]
        sheet.marks.append(Stroke(tuple(points), 1.1))
        sheet.words(sheet.left, base - 64, lead, face)
    sheet.words(sheet.left, 60, f"{60 * 25 // int(beat)} bpm   25 mm/s   10 mm/mV", face)
    return sheet


def _wave(t: float, beat: float) -> float:
    """Height in points of a heart beat `t` points after its start."""
    hump = 6 * math.exp(-(((t - beat * 0.2) / 3) ** 2)) + 9 * math.exp(-(((t - beat * 0.7) / 5) ** 2))
    spike = 42 * math.exp(-(((t - beat * 0.38) / 1.3) ** 2)) - 9 * math.exp(-(((t - beat * 0.44) / 1.5) ** 2))
    return hump + spike


def table_rest(chart: Chart, rng: random.Random) -> Sheet:
    """A table that runs on from the page before: no title, no identity."""
    sheet = Sheet(left=50, y=40, record_kind="laboratory")
    lab_table(sheet, chart.style, rng)
    return sheet
