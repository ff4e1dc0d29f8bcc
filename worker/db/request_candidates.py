"""The rows that a query could mean, by index: never more than a few hundred, whatever was typed."""

import json
from collections.abc import Collection, Sequence
from itertools import permutations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from worker.db.name_search import AFTER_ALL, Word, providers_with
from worker.db.requests import COLUMNS, request_of
from worker.db.tables import REQUESTS
from worker.domain.request import Request, RequestStatus
from worker.matching.name_words import NameKind
from worker.matching.near_ids import near_ids
from worker.matching.search_rank import SHORTEST_NEAR_ID, Grade
from worker.matching.search_terms import Meaning

#: Rows of a query, of each state; rows of a beginning of an id; rows of one birth date.
MOST_ROWS, MOST_IDS, MOST_BORN = 40, 60, 300
#: Names of one kind that are looked for alone, and pairs of names that are looked for together.
MOST_NAMES, MOST_PAIRS = 60, 1_600
KEYS = (REQUESTS.c.request_key, REQUESTS.c.claim_key, REQUESTS.c.member_key)
COLUMN_OF = {
    NameKind.LAST: REQUESTS.c.last_name_id,
    NameKind.FIRST: REQUESTS.c.first_name_id,
    NameKind.PROVIDER: REQUESTS.c.provider_id,
}

Condition = sa.ColumnElement[bool]


def candidates_of(connection: sa.Connection, meaning: Meaning, grade: Grade) -> list[Request]:
    """Requests that may fit the meaning, found with mistakes up to this grade; some that do not are among them."""
    texts = [word for word in meaning.words if len(word) > 1] or meaning.words
    words = [Word(connection, text, grade) for text in texts]
    found = _by_ids(connection, meaning.ids, grade)
    if meaning.days or meaning.swapped:
        found += _by_birth(connection, meaning, words, grade)
    elif words:
        found += _by_names(connection, words)
    return found


def _by_ids(connection: sa.Connection, ids: Sequence[str], grade: Grade) -> list[Request]:
    found: list[Request] = []
    for text in ids:
        if grade is Grade.WHOLE:
            found += [row for key in KEYS for row in _some(connection, key == text)]
        elif grade is Grade.BEGINNING:
            found += _beginning(connection, text)
        elif len(text) >= SHORTEST_NEAR_ID:
            found += _nearly(connection, text)
        if text.isdigit() and grade is not Grade.NEARLY:
            found += _of(connection, NameKind.PROVIDER, Word(connection, text, grade))
    return found


def _beginning(connection: sa.Connection, text: str) -> list[Request]:
    found: list[Request] = []
    for key in KEYS:
        query = sa.select(*COLUMNS).where(key >= text, key < text + AFTER_ALL).order_by(key).limit(MOST_IDS)
        found += map(request_of, connection.execute(query))
    return found


def _nearly(connection: sa.Connection, text: str) -> list[Request]:
    """Ids that are, or begin with, a text one mistake away; letters are tried only where digits find nothing."""
    for variants in near_ids(text):
        found: list[Request] = []
        for key in KEYS:
            near = _rows_of(connection, variants)
            begins = sa.and_(key >= near.c.value, key < near.c.value.concat(AFTER_ALL))
            query = sa.select(*COLUMNS).select_from(near.join(REQUESTS, begins)).limit(MOST_IDS)
            found += map(request_of, connection.execute(query))
        if found:
            return found
    return []


def _rows_of(connection: sa.Connection, texts: Collection[str]) -> sa.TableValuedAlias:
    """The texts as rows of one value each, sent as a single parameter: hundreds would take longer than the search."""
    if connection.dialect.name == "postgresql":
        sent = sa.cast(sa.bindparam(None, list(texts), type_=postgresql.ARRAY(sa.Text)), postgresql.ARRAY(sa.Text))
        return sa.func.unnest(sent).table_valued("value").render_derived()
    return sa.func.json_each(json.dumps(list(texts))).table_valued("value")


def _by_birth(connection: sa.Connection, meaning: Meaning, words: Sequence[Word], grade: Grade) -> list[Request]:
    days = meaning.days if grade is not Grade.NEARLY else (*meaning.days, *meaning.swapped)
    if not days:
        return []
    born = REQUESTS.c.date_of_birth.in_(days)
    found = _some(connection, born, MOST_BORN)
    last = [number for word in words for number in word.names[NameKind.LAST][:MOST_NAMES]]
    if len(found) >= MOST_BORN and last:  # a day that many have whose birth date is not known
        found += _some(connection, sa.and_(born, COLUMN_OF[NameKind.LAST].in_(last)), MOST_BORN)
    return found


def _by_names(connection: sa.Connection, words: Sequence[Word]) -> list[Request]:
    """Each word may be a surname, a first name or a provider's; two of a member's suffice to find a request."""
    if len(words) == 1:
        return [request for kind in NameKind for request in _of(connection, kind, words[0])]
    found: list[Request] = []
    for last, first in permutations(words, 2):
        pair = (last.names[NameKind.LAST], first.names[NameKind.FIRST])
        found += _pairs(connection, NameKind.LAST, NameKind.FIRST, pair)
    providers = providers_with(connection, words, MOST_NAMES)
    found += _some(connection, COLUMN_OF[NameKind.PROVIDER].in_(providers)) if providers else []
    for word in words:
        of_others = providers_with(connection, [other for other in words if other is not word], MOST_PAIRS)
        for kind in (NameKind.LAST, NameKind.FIRST):
            found += _pairs(connection, kind, NameKind.PROVIDER, (word.names[kind], of_others))
    return found


def _of(connection: sa.Connection, kind: NameKind, word: Word) -> list[Request]:
    numbers = word.names[kind][:MOST_NAMES]
    return _some(connection, COLUMN_OF[kind].in_(numbers)) if numbers else []


def _pairs(
    connection: sa.Connection, one: NameKind, other: NameKind, names: tuple[Sequence[int], Sequence[int]]
) -> list[Request]:
    """Requests that bear a name of both."""
    ones = names[0][:MOST_NAMES]
    others = names[1][: MOST_PAIRS // max(1, len(ones))]
    if not ones or not others:
        return []
    return _some(connection, sa.and_(COLUMN_OF[one].in_(ones), COLUMN_OF[other].in_(others)))


def _some(connection: sa.Connection, which: Condition, most: int = MOST_ROWS) -> list[Request]:
    """Some of those: so many that are open, and so many that are closed."""
    states = [
        sa.select(*COLUMNS).where(which, REQUESTS.c.status == status.value).limit(most).subquery()
        for status in (RequestStatus.OPEN, RequestStatus.CLOSED)
    ]
    query = sa.union_all(*(sa.select(state) for state in states))
    return [request_of(row) for row in connection.execute(query)]
