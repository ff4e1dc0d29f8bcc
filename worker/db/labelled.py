"""Labelled cases: what the machine said of a page when people first saw it, and what they said in the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from worker.db.codec import decision_from_json
from worker.db.engine import reading
from worker.db.review_tables import OPINIONS
from worker.db.tables import ARRIVALS, DOCUMENTS, PAGES
from worker.domain.decision import Decision, Outcome
from worker.domain.document import Stage
from worker.domain.review import ItemKind

#: Whose word counts: a senior's, then that of the second who looked, or who put it right later; the last of equals.
AUTHORITY = {ItemKind.DISAGREEMENT: 2, ItemKind.SECOND_LOOK: 1, ItemKind.CORRECTION: 1}
#: Rows that are in memory at once.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Case:
    """A page that people have judged. `before` is the machine's decision, with its candidates and their findings.

    `kinds` are those of the items in which it was looked at. The truth: `outcome`, `request_id` and `ground`.
    """

    sha256: str
    page: int
    before: Decision
    kinds: frozenset[ItemKind]
    outcome: Outcome
    request_id: str | None
    ground: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Opinion:
    sha256: str
    page: int
    kind: ItemKind
    outcome: Outcome
    request_id: str | None
    ground: str
    at: datetime
    before: str
    before_by: str | None


def load_cases(engine: sa.Engine) -> Iterator[Case]:
    """Every page that the machine decided first and a person finally, by document and page."""
    columns = [OPINIONS.c[name] for name in _Opinion.__dataclass_fields__]
    query = sa.select(*columns).order_by(OPINIONS.c.sha256, OPINIONS.c.page, OPINIONS.c.id)
    with reading(engine) as connection:
        rows = connection.execution_options(yield_per=BATCH).execute(query)
        for _, given in groupby(map(_opinion, rows), key=lambda opinion: (opinion.sha256, opinion.page)):
            if case := _case(list(given)):
                yield case


def _opinion(row: sa.Row[tuple[object, ...]]) -> _Opinion:
    values = dict(row._mapping)  # Row's documented access by name
    return _Opinion(**values | {"kind": ItemKind(values["kind"]), "outcome": Outcome(values["outcome"])})


def _case(opinions: Iterable[_Opinion]) -> Case | None:
    """None where the machine's word is not on record, or nobody has decided yet."""
    given = list(opinions)
    said = [opinion for opinion in given if opinion.outcome is not Outcome.REVIEW]
    first = next((opinion for opinion in given if opinion.before_by is None), None)
    if not said or first is None:
        return None
    truth = max(enumerate(said), key=lambda at: (AUTHORITY.get(at[1].kind, 0), at[0]))[1]
    kinds = frozenset(opinion.kind for opinion in given)
    before = decision_from_json(first.before)
    return Case(truth.sha256, truth.page, before, kinds, truth.outcome, truth.request_id, truth.ground, truth.at)


@dataclass(frozen=True, slots=True)
class Stored:
    """A document with those decisions of its pages that are the machine's, by page."""

    sha256: str
    source: str
    decisions: dict[int, Decision]


def load_latest(engine: sa.Engine, most: int) -> Iterator[Stored]:
    """The documents that came last, with what the machine decided and no person has changed."""
    latest = (
        sa.select(DOCUMENTS.c.sha256, ARRIVALS.c.source)
        .join(ARRIVALS, ARRIVALS.c.order == DOCUMENTS.c.position)
        .where(DOCUMENTS.c.stage.in_([Stage.DECIDED.value, Stage.FILED.value]))
        .order_by(DOCUMENTS.c.position.desc())
        .limit(most)
    )
    with reading(engine) as connection:
        found = connection.execute(latest).all()
    for sha256, source in found:
        query = sa.select(PAGES.c.number, PAGES.c.decision).where(PAGES.c.sha256 == sha256)
        query = query.where(PAGES.c.decided_by.is_(None), PAGES.c.decision.is_not(None)).order_by(PAGES.c.number)
        with reading(engine) as connection:
            decisions = {number: decision_from_json(text) for number, text in connection.execute(query) if text}
        yield Stored(sha256, source, decisions)
