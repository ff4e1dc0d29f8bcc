"""Pages that are filed to several requests: the further ones, beside the one of the page's own row."""

from collections.abc import Iterable

import sqlalchemy as sa

from worker.db.tables import PAGE_ALSO, PAGES
from worker.domain.decision import Decision, Outcome


def keep(connection: sa.Connection, sha256: str, decisions: Iterable[Decision]) -> None:
    """The further requests of these pages, in place of those that they had."""
    of_page = {decision.page: decision.also for decision in decisions}
    had = sa.select(PAGE_ALSO.c.number).where(PAGE_ALSO.c.sha256 == sha256).distinct()
    for number in {*connection.execute(had).scalars()} & {*of_page}:
        connection.execute(sa.delete(PAGE_ALSO).where(PAGE_ALSO.c.sha256 == sha256, PAGE_ALSO.c.number == number))
    rows = [
        {"sha256": sha256, "number": number, "request_id": request_id}
        for number, also in of_page.items()
        for request_id in also
    ]
    if rows:
        connection.execute(sa.insert(PAGE_ALSO), rows)


def filed_to(request_id: str) -> sa.CompoundSelect[str, int]:
    """The pages that are filed to the request, by hash and number: each once, also where it has another first."""
    first = sa.select(PAGES.c.sha256, PAGES.c.number).where(
        PAGES.c.request_id == request_id, PAGES.c.outcome == Outcome.FILED.value
    )
    further = sa.select(PAGE_ALSO.c.sha256, PAGE_ALSO.c.number).where(PAGE_ALSO.c.request_id == request_id)
    return sa.union_all(first, further)


def filed_of(sha256: str) -> sa.CompoundSelect[str, int]:
    """The requests of the document's filed pages with the page's number: a row for each of a page's requests."""
    first = sa.select(PAGES.c.request_id, PAGES.c.number).where(
        PAGES.c.sha256 == sha256, PAGES.c.outcome == Outcome.FILED.value
    )
    further = sa.select(PAGE_ALSO.c.request_id, PAGE_ALSO.c.number).where(PAGE_ALSO.c.sha256 == sha256)
    return sa.union_all(first, further)
