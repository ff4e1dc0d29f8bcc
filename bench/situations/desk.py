"""The desk where bundles are put together: picks requests, draws their letters and charts as leaves with truth."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from bench.drawing.charts import (
    FULL,
    Chart,
    draw_chart,
    hand_page,
    page_showing,
    record_page,
    strip_page,
    table_rest,
)
from bench.drawing.forms import institutional_form, professional_form
from bench.drawing.mailing import draw_letter
from bench.drawing.papers import authorization, cover_sheet, invoice, itemized_bill
from bench.drawing.sheet import Sheet
from bench.people import Births, Person
from bench.registry import Registry, service_span
from worker.domain.request import Request


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page with its truth: whose it is (None: nobody's who is open), what it is, and how it lies."""

    sheet: Sheet
    kind: str
    request_id: str | None = None
    also: tuple[str, ...] = ()
    turn: int = 0
    note: str = ""


Pick = Callable[[Request], bool]


@dataclass(frozen=True)
class Desk:
    """A registry and the luck of one bundle, sent on `day` (drawn where it is not given)."""

    registry: Registry
    rng: random.Random
    day: date | None = None

    def pick(self, fits: Pick = lambda _: True) -> Request:
        """An open request that fits. Raises LookupError when a hundred thousand looks find none."""
        for _ in range(100_000):
            request = self.rng.choice(self.registry.requests)
            if request.is_open and fits(request):
                return request
        raise LookupError("the registry is too small for this situation: draw more requests")

    def pick_several(self, count: int) -> list[Request]:
        """Open requests of different members."""
        chosen: dict[str, Request] = {}
        while len(chosen) < count:
            request = self.pick()
            chosen.setdefault(request.member_id, request)
        return list(chosen.values())

    def open_kin(self, request: Request) -> list[Request]:
        """Open requests of the member's relatives."""
        kin = self.registry.kin[request.member_id]
        return [item for member in kin for item in self.registry.by_member[member] if item.is_open]

    def open_siblings(self, request: Request) -> list[Request]:
        """The member's other open requests."""
        return [item for item in self.registry.siblings(request) if item.is_open]

    def letter(self, *requests: Request, with_symbol: bool = True, broken: bool = False) -> Leaf:
        """The letter of a request, or one that lists several. Closed requests own nothing."""
        sheet = draw_letter(requests, self.rng, with_symbol=with_symbol, broken=broken)
        first, *rest = requests
        return Leaf(sheet, "letter", owner(first), tuple(r.request_id for r in rest))

    def any_letter(self, request: Request) -> Leaf:
        """A letter with a good symbol, a scratched one or none."""
        luck = self.rng.random()
        return self.letter(request, with_symbol=luck < 0.75, broken=luck < 0.12)

    def chart(self, request: Request) -> Chart:
        """The chart that answers a request."""
        service = (request.service_from, request.service_to)
        return draw_chart(self.registry.person(request), self.registry.provider(request), service, self.rng)

    def strangers_chart(self) -> Chart:
        """A chart of somebody who is not in the registry."""
        return draw_chart(self.stranger(), self.rng.choice(self.registry.providers), service_span(self.rng), self.rng)

    def stranger(self) -> Person:
        """Somebody who is not in the registry."""
        known = {(p.last, p.first) for p in self.registry.people.values()}
        births = Births(self.rng)
        while True:
            person = births.stranger()
            if (person.last, person.first) not in known:
                return person

    def pages(self, chart: Chart, request_id: str | None, count: int) -> list[Leaf]:
        """Record pages; a third of longer charts counts from 1 again in the middle."""
        restart = self.rng.randint(2, count) if count > 3 and self.rng.random() < 0.33 else count
        counters = [(i, restart) for i in range(1, restart + 1)]
        counters += [(i, count - restart) for i in range(1, count - restart + 1)]
        return [
            Leaf(record_page(chart, number, total, self.rng), "medical_record", request_id)
            for number, total in counters
        ]

    def full_page(self, chart: Chart, request_id: str | None, kind: str = "medical_record") -> Leaf:
        """One record page that shows everything."""
        return Leaf(page_showing(chart, FULL, (1, self.rng.randint(1, 4)), self.rng), kind, request_id)

    def bare_pages(self, chart: Chart, request_id: str | None) -> list[Leaf]:
        """Pages without any identity: handwriting, a strip, the rest of a table."""
        drawn = (hand_page(self.rng), strip_page(self.rng), table_rest(chart, self.rng))
        return [Leaf(sheet, "medical_record", request_id, note="bare_page") for sheet in self.rng.sample(drawn, 1)]

    def bills(self, chart: Chart, request: Request, pages: int) -> list[Leaf]:
        """What comes with records now and then: bill, claim form, authorization, invoice."""
        rng, mine, made = self.rng, owner(request), []
        if rng.random() < 0.18:
            made.append(Leaf(itemized_bill(chart, request.claim_number, rng), "itemized_bill", mine))
        if rng.random() < 0.10:
            form = rng.choice((professional_form, institutional_form))
            made.append(Leaf(form(chart, request, rng), "claim_form", mine))
        if rng.random() < 0.06:
            made.append(Leaf(authorization(chart, rng), "authorization", mine))
        if rng.random() < 0.2:
            made.append(Leaf(invoice(request, chart.provider, pages, rng), "invoice", mine))
        return made

    def records(self, request: Request, count: int = 0) -> list[Leaf]:
        """Records that answer a request, with what comes along."""
        chart = self.chart(request)
        count = count or self.rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8))
        made = self.pages(chart, owner(request), count)
        if count > 2 and self.rng.random() < 0.15:
            at = self.rng.randint(1, count)
            made[at:at] = self.bare_pages(chart, owner(request))
        return made + self.bills(chart, request, len(made))

    def cover(self, request: Request, about: str, pages: int) -> Leaf:
        """The provider's own cover sheet, nobody's."""
        provider = self.registry.provider(request)
        return Leaf(cover_sheet(provider, about, pages + 1, self.rng, self.day), "cover_sheet")


def owner(request: Request) -> str | None:
    """Who owns the pages of a request: nobody when it is closed."""
    return request.request_id if request.is_open else None


def noted(leaves: Iterable[Leaf], note: str) -> list[Leaf]:
    """The leaves with a situation written on those that have none yet."""
    return [leaf if leaf.note else replace(leaf, note=note) for leaf in leaves]
