"""Plain business: letters and records in every order in which providers send them."""

from bench.drawing.mailing import second_page
from bench.situations.desk import Desk, Leaf


def barcode_letter(desk: Desk) -> list[Leaf]:
    """One claim, its letter with a good symbol on top."""
    request = desk.pick()
    return [desk.letter(request), *desk.records(request)]


def ocr_letter(desk: Desk) -> list[Leaf]:
    """One claim, its letter has no symbol."""
    request = desk.pick()
    return [desk.letter(request, with_symbol=False), *desk.records(request)]


def broken_barcode(desk: Desk) -> list[Leaf]:
    """One claim, its letter's symbol is scratched."""
    request = desk.pick()
    return [desk.letter(request, broken=True), *desk.records(request)]


def several_claims(desk: Desk) -> list[Leaf]:
    """Two to eight claims in one transmission, each behind its letter."""
    requests = desk.pick_several(desk.rng.choice((2, 2, 3, 3, 4, 5, 6, 8)))
    return [leaf for request in requests for leaf in (desk.any_letter(request), *desk.records(request))]


def letters_on_top(desk: Desk) -> list[Leaf]:
    """All letters first, then the records, often in another order."""
    requests = desk.pick_several(desk.rng.choice((2, 2, 3, 4)))
    letters = [desk.any_letter(request) for request in requests]
    if desk.rng.random() < 0.4:
        desk.rng.shuffle(requests)
    return letters + [leaf for request in requests for leaf in desk.records(request)]


def letter_last(desk: Desk) -> list[Leaf]:
    """Records first, each claim's letter behind them."""
    requests = desk.pick_several(desk.rng.choice((1, 1, 2, 3)))
    return [leaf for request in requests for leaf in (*desk.records(request), desk.any_letter(request))]


def no_letter(desk: Desk) -> list[Leaf]:
    """Records without any letter."""
    requests = desk.pick_several(desk.rng.choice((1, 1, 2)))
    return [leaf for request in requests for leaf in desk.records(request)]


def own_cover(desk: Desk) -> list[Leaf]:
    """The provider's cover sheet, with the surname, something generic or nothing, then the records."""
    request = desk.pick()
    about = desk.rng.choice((f"Records for {request.member_last_name}", "Medical records", "Records requested", ""))
    rest = desk.records(request)
    if desk.rng.random() < 0.6:
        rest.insert(0, desk.any_letter(request))
    return [desk.cover(request, about, len(rest)), *rest]


def two_page_letter(desk: Desk) -> list[Leaf]:
    """The letter's second page follows, with or without the id on it."""
    request = desk.pick()
    sheet = second_page(request, desk.rng, with_id=desk.rng.random() < 0.5)
    return [desk.any_letter(request), Leaf(sheet, "letter", request.request_id), *desk.records(request)]


def interleaved(desk: Desk) -> list[Leaf]:
    """Two claims whose pages got mixed; every page says whose it is."""
    one, two = desk.pick_several(2)
    charts = {one.request_id: desk.chart(one), two.request_id: desk.chart(two)}
    owners = [one.request_id, two.request_id] * desk.rng.randint(2, 3)
    desk.rng.shuffle(owners)
    mixed = [desk.full_page(charts[request_id], request_id) for request_id in owners]
    return [desk.any_letter(one), desk.any_letter(two), *mixed]


def listed_claims(desk: Desk) -> list[Leaf]:
    """One letter lists two or three claims, the records follow."""
    requests = desk.pick_several(desk.rng.choice((2, 3)))
    return [desk.letter(*requests), *(leaf for request in requests for leaf in desk.records(request))]
