"""Finding requests for people who type: forgiving of order, of what is left out, and of a wrong letter or digit.

First what fits letter for letter, then what begins so, then what is nearly so; a further pass only where the one before
found too few. Each pass fetches a bounded number of rows by index, and `fit_of` judges them (docs/decisions/0012).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.request_candidates import candidates_of
from worker.domain.request import Request
from worker.matching.search_rank import Fit, Grade, fit_of
from worker.matching.search_terms import Meaning, meanings_of

#: So many are given at most, whatever is asked for.
MOST = 50

Order = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A request, and why it was found: `claim number`, `member name, nearly, birth date`."""

    request: Request
    why: str


def find_requests(engine: sa.Engine, text: str, limit: int = 10) -> tuple[Hit, ...]:
    """The requests that the text may mean, the best first; of equals the open ones first.

    By request id, claim number, member id (or the beginning of one, separators or not), member name in any order,
    birth date as Americans write it, provider's name or NPI, and mixtures. No text is an error.
    """
    meanings = meanings_of(text, datetime.now(UTC).date())
    limit = max(0, min(limit, MOST))
    found: dict[str, tuple[Order, Hit]] = {}
    judged: set[tuple[int, str]] = set()
    if not meanings or not limit:
        return ()
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            # What the planner knows of a registry that was just imported may be anything: never read all of it.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        for grade in Grade:
            if grade is Grade.NEARLY and found and all(map(_is_telling, meanings)):
                break
            for place, meaning in enumerate(meanings):
                for request in candidates_of(connection, meaning, grade):
                    if (place, request.request_id) not in judged:
                        judged.add((place, request.request_id))
                        _take(found, request, fit_of(request, meaning), place)
            if len(found) >= limit:
                break
    return tuple(hit for _, hit in sorted(found.values(), key=lambda ranked: ranked[0])[:limit])


def _is_telling(meaning: Meaning) -> bool:
    """What fits this in all its parts is what was meant: nobody has to be offered who fits it nearly."""
    parts = len(meaning.words) + len(meaning.ids) + bool(meaning.days or meaning.swapped)
    return bool(meaning.ids) or parts > 2


def _take(found: dict[str, tuple[Order, Hit]], request: Request, fit: Fit | None, place: int) -> None:
    if fit is None:
        return
    worst, total, of_provider = fit.order
    order = (worst, total, of_provider, place, not request.is_open, *_alphabet(request))
    known = found.get(request.request_id)
    if known is None or order < known[0]:
        found[request.request_id] = (order, Hit(request, fit.why))


def _alphabet(request: Request) -> Order:
    name = (request.member_last_name.casefold(), request.member_first_name.casefold())
    return (*name, request.due_date, request.request_id)
