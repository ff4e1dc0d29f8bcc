"""Where a page is easily given to the wrong person: families, twins, near ids, strangers, reused letters."""

from dataclasses import replace

from bench.drawing.charts import draw_chart
from bench.drawing.mailing import others_letter
from bench.drawing.payers import OTHERS
from bench.registry import nearby
from bench.situations.desk import Desk, Leaf, noted, owner
from worker.domain.request import Request, RequestStatus


def known_stranger(desk: Desk) -> list[Leaf]:
    """A page of another patient, who has an open request of his own, in the middle of a chart."""
    request, other = desk.pick_several(2)
    return _with_visitor(desk, request, desk.full_page(desk.chart(other), other.request_id, "misplaced"))


def unknown_stranger(desk: Desk) -> list[Leaf]:
    """A page of a patient without any request in the middle of a chart."""
    return _with_visitor(desk, desk.pick(), desk.full_page(desk.strangers_chart(), None, "misplaced"))


def same_surname_stranger(desk: Desk) -> list[Leaf]:
    """The stranger has the member's surname and is treated at the same place."""
    request = desk.pick()
    person = replace(desk.stranger(), last=desk.registry.person(request).last)
    service = (request.service_from, request.service_to)
    chart = draw_chart(person, desk.registry.provider(request), service, desk.rng)
    return _with_visitor(desk, request, desk.full_page(chart, None, "misplaced"))


def relatives_page(desk: Desk) -> list[Leaf]:
    """A page of a spouse, twin, parent or child, who has an open request, among the member's."""
    request = desk.pick(lambda item: bool(desk.open_kin(item)))
    other = desk.rng.choice(desk.open_kin(request))
    return _with_visitor(desk, request, desk.full_page(desk.chart(other), other.request_id, "misplaced"))


def _with_visitor(desk: Desk, request: Request, visitor: Leaf) -> list[Leaf]:
    pages = desk.records(request, desk.rng.randint(3, 6))
    pages.insert(desk.rng.randint(1, 3), visitor)
    return [desk.any_letter(request), *pages] if desk.rng.random() < 0.85 else pages


def relatives_in_turn(desk: Desk) -> list[Leaf]:
    """Two relatives' claims in one transmission, with or without letters."""
    request = desk.pick(lambda item: bool(desk.open_kin(item)))
    pair = [request, desk.rng.choice(desk.open_kin(request))]
    has_letters = desk.rng.random() < 0.6
    return [leaf for item in pair for leaf in ([desk.any_letter(item)] if has_letters else []) + desk.records(item)]


def near_ids(desk: Desk) -> list[Leaf]:
    """Two claims whose request ids are a digit apart, each behind its letter."""
    by_id = {item.request_id: item for item in desk.registry.requests}
    near = desk.registry.near
    request = desk.pick(
        lambda item: (
            item.request_id in near
            and by_id[near[item.request_id]].is_open
            and by_id[near[item.request_id]].member_id != item.member_id
        )
    )
    pair = (request, by_id[near[request.request_id]])
    return [leaf for item in pair for leaf in (desk.any_letter(item), *desk.records(item))]


def same_member(desk: Desk) -> list[Leaf]:
    """Two requests of one member, told apart by the dates of service."""
    request = desk.pick(lambda item: bool(desk.open_siblings(item)))
    pair = [request, desk.rng.choice(desk.open_siblings(request))]
    has_letters = desk.rng.random() < 0.5
    return [leaf for item in pair for leaf in ([desk.any_letter(item)] if has_letters else []) + desk.records(item)]


def reused_letter(desk: Desk) -> list[Leaf]:
    """The letter of one claim on the records of the same member's other claim."""
    request = desk.pick(lambda item: bool(desk.open_siblings(item)))
    other = desk.rng.choice(desk.open_siblings(request))
    letter = replace(desk.any_letter(request), also=(other.request_id,))
    chart = desk.chart(other)
    pages = [desk.full_page(chart, other.request_id) for _ in range(desk.rng.randint(1, 4))]
    return [letter, *pages]


def wrong_letter(desk: Desk) -> list[Leaf]:
    """The letter of one member on the records of another, who may be unknown."""
    request, other = desk.pick_several(2)
    if desk.rng.random() < 0.5:
        return [desk.any_letter(request), *desk.records(other)]
    return [desk.any_letter(request), *desk.pages(desk.strangers_chart(), None, desk.rng.randint(2, 4))]


def closed_request(desk: Desk) -> list[Leaf]:
    """Letter and records of a request that is closed: a person decides."""
    closed = [item for item in desk.registry.requests if item.status is RequestStatus.CLOSED]
    request = desk.rng.choice(closed)
    claim = [desk.any_letter(request), *desk.records(request)]
    if desk.rng.random() < 0.4:
        first = desk.pick(lambda item: item.member_id != request.member_id)
        claim = [desk.any_letter(first), *noted(desk.records(first), "before_closed"), *claim]
    return claim


def not_ours(desk: Desk) -> list[Leaf]:
    """Another payer's letter with its records; now and then its id is a digit from one of ours."""
    rng = desk.rng
    chart = desk.strangers_chart()
    model = desk.pick()
    near = rng.random() < 0.3
    request_id = nearby(model.request_id, rng) if near else f"NP{rng.randrange(10**7, 10**8)}"
    known = {item.request_id for item in desk.registry.requests}
    if request_id in known:
        request_id = f"NP{rng.randrange(10**7, 10**8)}"
    foreign = replace(
        model,
        request_id=request_id,
        claim_number=str(rng.randrange(10**11, 10**12)),
        member_id=chart.person.member_id,
        member_last_name=chart.person.last,
        member_first_name=chart.person.first,
        date_of_birth=chart.person.born,
        provider_name=chart.provider.name,
        provider_npi=chart.provider.npi,
        service_from=chart.service[0],
        service_to=chart.service[1],
    )
    letter = Leaf(others_letter(rng.choice(OTHERS), foreign, rng), "letter")
    theirs = [letter, *desk.pages(chart, None, rng.randint(1, 4))]
    if rng.random() < 0.4:
        theirs = [desk.any_letter(model), *desk.records(model), *theirs]
    return theirs


def sibling_of_closed(desk: Desk) -> list[Leaf]:
    """Records of a closed request of a member who also has an open one; only the dates tell."""
    request = desk.pick(lambda item: any(not s.is_open for s in desk.registry.siblings(item)))
    closed = next(item for item in desk.registry.siblings(request) if not item.is_open)
    chart = desk.chart(closed)
    return [desk.full_page(chart, owner(closed)) for _ in range(desk.rng.randint(1, 3))]
