"""The audit sample: how many of the pages that were filed automatically a person, seeing them blind, put elsewhere."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db.codec import decision_from_json
from worker.db.engine import reading
from worker.db.review_tables import OPINIONS, REVIEW_ITEMS
from worker.domain.decision import Outcome
from worker.domain.review import ItemKind

#: Pages whose opinions are looked up in one query.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Audited:
    """The audited pages of one line: `wrong` of them were misfiled, `unsettled` of those as one person alone says."""

    line: str
    pages: int
    wrong: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A page that the audit's first look puts elsewhere."""

    line: str
    sha256: str
    page: int
    filed_to: tuple[str, ...]


def count_audited(engine: sa.Engine, since: datetime | None = None) -> tuple[Audited, ...]:
    """By line, of the opinions since then, or of all. Who asked for a second person has said nothing yet.

    A senior's word on the same page counts in place of the first.
    """
    with reading(engine) as connection:
        agreed = Counter(dict(connection.execute(_agreed(since)).all()))
        doubts = [
            _Doubt(line, sha256, page, decision_from_json(before).filed_to)
            for line, sha256, page, before in connection.execute(_doubted(since))
        ]
        settled = _settled(connection, doubts)
    pages, wrong, unsettled = agreed, Counter[str](), Counter[str]()
    for doubt in doubts:
        is_right = settled.get((doubt.sha256, doubt.page))
        pages[doubt.line] += 1
        wrong[doubt.line] += not is_right
        unsettled[doubt.line] += is_right is None
    return tuple(Audited(line, pages[line], wrong[line], unsettled[line]) for line in sorted(pages))


def _agreed(since: datetime | None) -> sa.Select[str, int]:
    query = sa.select(REVIEW_ITEMS.c.line, sa.func.count()).where(*_audit(since, agrees=True))
    return query.join(OPINIONS, OPINIONS.c.item_id == REVIEW_ITEMS.c.id).group_by(REVIEW_ITEMS.c.line)


def _doubted(since: datetime | None) -> sa.Select[str, str, int, str]:
    query = sa.select(REVIEW_ITEMS.c.line, OPINIONS.c.sha256, OPINIONS.c.page, OPINIONS.c.before)
    query = query.join(OPINIONS, OPINIONS.c.item_id == REVIEW_ITEMS.c.id)
    return query.where(*_audit(since, agrees=False), OPINIONS.c.outcome != Outcome.REVIEW.value)


def _audit(since: datetime | None, *, agrees: bool) -> list[sa.ColumnElement[bool]]:
    rules = [OPINIONS.c.kind == ItemKind.AUDIT.value, OPINIONS.c.agrees.is_(sa.true() if agrees else sa.false())]
    return rules if since is None else [*rules, OPINIONS.c.at >= since]


def _settled(connection: sa.Connection, doubts: Iterable[_Doubt]) -> dict[tuple[str, int], bool]:
    """Document and page -> the senior says that it was filed right; what no senior has seen is missing."""
    filed_to = {(doubt.sha256, doubt.page): doubt.filed_to for doubt in doubts}
    wanted, said = sorted(filed_to), dict[tuple[str, int], bool]()
    for start in range(0, len(wanted), BATCH):
        query = (
            sa.select(OPINIONS.c.sha256, OPINIONS.c.page, OPINIONS.c.outcome, OPINIONS.c.request_id)
            .where(
                sa.tuple_(OPINIONS.c.sha256, OPINIONS.c.page).in_(wanted[start : start + BATCH]),
                OPINIONS.c.kind == ItemKind.DISAGREEMENT.value,
                OPINIONS.c.outcome != Outcome.REVIEW.value,
            )
            .order_by(OPINIONS.c.id)
        )
        for sha256, page, _, request_id in connection.execute(query):
            said[sha256, page] = request_id in filed_to[sha256, page]
    return said
