"""What else comes in: blank backs, separators, foreign barcodes, forms, appeals, pages twice, pages turned."""

from dataclasses import replace

from bench.drawing.charts import foreign_symbol
from bench.drawing.forms import institutional_form, professional_form
from bench.drawing.mailing import appeal_page
from bench.drawing.papers import authorization, blank_back, invoice, itemized_bill, separator_sheet
from bench.situations.desk import Desk, Leaf, noted


def duplex_blanks(desk: Desk) -> list[Leaf]:
    """A duplex scan: most backs are empty but for punch holes and what shows through."""
    request = desk.pick()
    made = []
    for leaf in [desk.any_letter(request), *desk.records(request)]:
        made.append(leaf)
        if desk.rng.random() < 0.75:
            made.append(Leaf(blank_back(leaf.sheet, desk.rng), "blank"))
    return made


def separated(desk: Desk) -> list[Leaf]:
    """Claims with separator sheets between them."""
    made = []
    for request in desk.pick_several(desk.rng.choice((2, 3))):
        made += [Leaf(separator_sheet(desk.rng), "separator"), desk.any_letter(request), *desk.records(request)]
    return made


def foreign_barcodes(desk: Desk) -> list[Leaf]:
    """Record pages carry specimen, shipping, pharmacy and portal codes."""
    request = desk.pick()
    chart = desk.chart(request)
    pages = desk.pages(chart, request.request_id, desk.rng.randint(2, 5))
    for leaf in pages:
        foreign_symbol(leaf.sheet, chart, desk.rng)
    return [desk.any_letter(request), *pages]


def billing_set(desk: Desk) -> list[Leaf]:
    """A claim with bill, claim forms, authorization and an invoice that names the request."""
    request, rng = desk.pick(), desk.rng
    chart, mine = desk.chart(request), request.request_id
    extras = [
        Leaf(itemized_bill(chart, request.claim_number, rng), "itemized_bill", mine),
        Leaf(professional_form(chart, request, rng), "claim_form", mine),
        Leaf(institutional_form(chart, request, rng), "claim_form", mine),
        Leaf(authorization(chart, rng), "authorization", mine),
    ]
    pages = desk.pages(chart, mine, rng.randint(1, 4))
    bill = Leaf(invoice(request, chart.provider, len(pages), rng), "invoice", mine)
    return [desk.any_letter(request), *pages, *rng.sample(extras, rng.randint(1, 4)), bill]


def appeal(desk: Desk) -> list[Leaf]:
    """An appeal or a grievance that names member and claim, with records behind it."""
    request = desk.pick()
    is_grievance = desk.rng.random() < 0.4
    sheet = appeal_page(request, desk.rng, is_grievance=is_grievance)
    first = Leaf(sheet, "grievance" if is_grievance else "appeal", request.request_id)
    return [first, *desk.records(request)]


def sent_again(desk: Desk) -> list[Leaf]:
    """The call dropped and the machine sent the tail of the claim once more in the same document."""
    request = desk.pick()
    claim = [desk.any_letter(request), *desk.records(request, desk.rng.randint(3, 6))]
    tail = claim[desk.rng.randint(1, len(claim) - 1) :]
    return claim + noted(tail, "sent_again")


def turned_pages(desk: Desk) -> list[Leaf]:
    """Single pages upside down or sideways."""
    request = desk.pick()
    claim = [desk.any_letter(request), *desk.records(request, desk.rng.randint(3, 6))]
    return [
        replace(leaf, turn=desk.rng.choice((180, 180, 90, 270)), note="turned") if desk.rng.random() < 0.5 else leaf
        for leaf in claim
    ]


def bare_pages(desk: Desk) -> list[Leaf]:
    """Pages without identity inside a chart behind its letter."""
    request = desk.pick()
    chart, mine = desk.chart(request), request.request_id
    first = desk.full_page(chart, mine)
    return [
        desk.any_letter(request),
        first,
        *desk.bare_pages(chart, mine),
        *desk.bare_pages(chart, mine),
        desk.full_page(chart, mine),
    ]
