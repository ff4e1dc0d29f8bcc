"""/inbox: what waits for people, most urgent first, and the button that takes the best of it."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.db import inbox, review_items
from worker.db.inbox import PAGE, Clock, Row
from worker.domain.inbox import Filters, count
from worker.domain.person import Person
from worker.domain.review import ItemState
from worker.pipeline.site import Site
from worker.review import words
from worker.review.inbox_filters import address, chosen, filters_of, offered
from worker.review.record import About, record
from worker.review.render import render
from worker.review.who import AtSite, Deciding, Reading, Signed

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the table in words."""

    row: Row
    due: str
    is_overdue: bool
    age: str
    label: str
    sentence: str
    kind: str
    channel: str


@router.get("/inbox")
def show_inbox(request: Request, site: AtSite, signed: Reading) -> Response:
    """The page."""
    filters = filters_of(request.query_params)
    after = request.query_params.get("after", "")
    record(site, signed, "view_inbox", filters=_given(filters), after=after[:20])
    return _page(request, site, signed, filters)


@router.post("/inbox/next")
async def take_next(request: Request, site: AtSite, signed: Deciding) -> Response:
    """Take the best item for me among those that the filters let through, and open it."""
    filters = filters_of(await request.form())
    return await run_in_threadpool(_take, request, site, signed, filters)


def _take(request: Request, site: Site, signed: Signed, filters: Filters) -> Response:
    engine, length = site.shelf.engine, timedelta(minutes=site.review.hold_minutes)
    where = inbox.narrowed(signed.person, filters, clock_of(site))
    item = review_items.take_next(engine, signed.person, length, *where)
    if item is not None:
        record(site, signed, "take_next", About(sha256=item.sha256), item=item.id, filters=_given(filters))
        return RedirectResponse(f"/items/{item.id}", 303)
    return _page(request, site, signed, filters, is_empty=True)


def clock_of(site: Site) -> Clock:
    """The moment, and the end of the payer's day."""
    now = site.now()
    return Clock(now, (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0))


def _page(request: Request, site: Site, signed: Signed, filters: Filters, *, is_empty: bool = False) -> Response:
    engine, clock = site.shelf.engine, clock_of(site)
    given = request.query_params.get("after", "")
    after = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
    counts = count(inbox.load_groups(engine, signed.person, clock), filters)
    rows = inbox.load_page(engine, signed.person, filters, clock, after)
    more = address(filters, after=rows[PAGE - 1].id) if len(rows) > PAGE else ""
    shown = {
        "rows": [_shown(row, clock, signed.person) for row in rows[:PAGE]],
        "counts": counts,
        "oldest": words.length_words(clock.now - counts.oldest) if counts.oldest else "",
        "filters": offered(counts, filters),
        "chosen": chosen(filters),
        "given": _given(filters),
        "may_take": signed.person.may_decide and filters.state != ItemState.PARKED.value,
        "first": address(filters) if after is not None else "",
        "more": more,
        "is_empty": is_empty,
    }
    return render(request, "inbox.html", shown)


def _shown(row: Row, clock: Clock, person: Person) -> Shown:
    return Shown(
        row=row,
        due=words.due_words(row.due_at, clock.now),
        is_overdue=row.due_at < clock.now,
        age=words.length_words(clock.now - row.received_at),
        label=words.ground_label(row.ground),
        sentence=words.ground_sentence(row.ground),
        kind=words.KINDS.get(row.kind, row.kind),
        channel=words.CHANNELS.get(row.channel, row.channel),
    )


def _given(filters: Filters) -> dict[str, object]:
    return {name: value for name, value in asdict(filters).items() if value}
