"""The audit log for auditors: who saw or did what, searched and paged. Looking is noted as well."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from worker.db import audit_search
from worker.db.audit_log import Logged
from worker.db.audit_search import SHORTEST_HASH, Wanted
from worker.domain.person import Role
from worker.review.record import record
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.who import Signed, allowed

router = APIRouter()
Auditor = Annotated[Signed, Depends(allowed(lambda person: person.is_any_of(Role.AUDITOR)))]
Word = Annotated[str, Query(max_length=200)]

#: Rows on a page.
ROWS = 100


@dataclass(frozen=True)
class Filters:
    """What the form at the top holds, as it was typed; days as YYYY-MM-DD, by the payer's calendar."""

    who: Word = ""
    action: Word = ""
    document: Word = ""
    request: Word = ""
    first: Word = ""
    last: Word = ""

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """What is looked for. Raises ValueError with what to put right."""
        document = self.document.strip().lower()
        if document and (len(document) < SHORTEST_HASH or not set(document) <= set("0123456789abcdef")):
            raise ValueError(f"A document is named by {SHORTEST_HASH} digits of its hash or more: 0 to 9, a to f.")
        since, last = _midnight(self.first, zone), _midnight(self.last, zone, days=1)
        who = self.who.strip().lower()
        return Wanted(who, self.action.strip(), document, self.request.strip(), since, last)

    def given(self) -> dict[str, str]:
        """The filters that are in use, by name."""
        return {name: text for name, text in asdict(self).items() if text}


@router.get("/audit-log")
def show(
    request: Request,
    signed: Auditor,
    filters: Annotated[Filters, Depends()],
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    after: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> Response:
    """The page: the newest rows that fit, or those before or after a row."""
    site = site_of(request)
    try:
        wanted = replace(filters.wanted(site.zone), before=before, after=after)
    except ValueError as error:
        return _page(request, filters, (), why=str(error))
    record(site, signed, "view_audit_log", filters=filters.given(), before=before, after=after)
    return _page(request, filters, audit_search.search(site.shelf.engine, wanted, ROWS + 1), after=after)


def _page(
    request: Request, filters: Filters, rows: tuple[Logged, ...], *, after: int | None = None, why: str = ""
) -> Response:
    """One row more than is shown was asked for: it tells whether there are more that way."""
    has_more = len(rows) > ROWS
    shown = rows[-ROWS:] if after is not None else rows[:ROWS]
    has_older = bool(shown) and (has_more or after is not None) and shown[-1].id > 1
    is_first = after is None and "before" not in request.query_params
    context = {
        "filters": filters,
        "rows": shown,
        "why": why,
        "actions": audit_search.load_actions(site_of(request).shelf.engine),
        "older": _link(filters, before=shown[-1].id) if has_older else "",
        "newer": _link(filters, after=shown[0].id) if shown and not is_first and (after is None or has_more) else "",
    }
    return render(request, "audit_log.html", context, 422 if why else 200)


def _link(filters: Filters, **place: int) -> str:
    return "/audit-log?" + urlencode({**filters.given(), **place})


def _midnight(day: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The beginning of a day, or of one that many days later; None for none."""
    if not day.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(day.strip()) + timedelta(days=days), time(), zone)
    except (ValueError, OverflowError) as error:
        raise ValueError("A day is written as YYYY-MM-DD.") from error
