"""The queries of searching, each built once: to build them takes longer than to run them."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from worker.db.request_writer import COLUMNS
from worker.db.search_tables import NAME_WORDS, WORD_KEYS
from worker.db.tables import REQUESTS
from worker.domain.request import RequestStatus
from worker.matching.name_words import NameKind

#: Greater than every text that begins with what stands before it.
AFTER_ALL = "\U0010ffff"
#: Rows of the beginning of an id; names of each kind that a word gives; words that share a key with a misspelt one.
MOST_IDS, MOST_NAMES, MOST_KEYS = 60, 120, 3_000
KEYS = (REQUESTS.c.request_key, REQUESTS.c.claim_key, REQUESTS.c.member_key)

Statement = sa.Select[tuple[object, ...]] | sa.CompoundSelect[tuple[object, ...]]


def _all_of(parts: list[sa.Select[tuple[object, ...]]]) -> Statement:
    """The rows of several queries, each with a limit of its own: one answer of the server instead of many."""
    return sa.union_all(*(sa.select(part.subquery()) for part in parts))


#: Requests of which an id is `text`; of which one begins with `text` (`after`: the text and AFTER_ALL).
WITH_ID = _all_of([sa.select(*COLUMNS).where(key == sa.bindparam("text")).limit(MOST_IDS) for key in KEYS])
WITH_BEGINNING = _all_of(
    [
        sa.select(*COLUMNS)
        .where(key >= sa.bindparam("text"), key < sa.bindparam("after"))
        .order_by(key)
        .limit(MOST_IDS)
        for key in KEYS
    ]
)


@cache
def with_near_id(dialect: str) -> Statement:
    """Requests of which an id begins with one of `near`: a list in PostgreSQL, a JSON array in SQLite.

    A single parameter: hundreds would take longer to prepare than the search.
    """
    parts = []
    for key in KEYS:
        near = _rows(dialect)
        begins = sa.and_(key >= near.c.value, key < near.c.value.concat(AFTER_ALL))
        parts.append(sa.select(*COLUMNS).select_from(near.join(REQUESTS, begins)).limit(MOST_IDS))
    return _all_of(parts)


def _rows(dialect: str) -> sa.TableValuedAlias:
    if dialect != "postgresql":
        return sa.func.json_each(sa.bindparam("near", type_=sa.Text)).table_valued(sa.column("value", sa.Text))
    texts = postgresql.ARRAY(sa.Text)
    rows = sa.func.unnest(sa.cast(sa.bindparam("near", type_=texts), texts))
    return rows.table_valued(sa.column("value", sa.Text)).render_derived()


@cache
def with_values(columns: tuple[str, ...], most: int) -> Statement:
    """Requests whose columns have one of the values of the parameters of the same names: so many of each state."""
    among = [REQUESTS.c[name].in_(sa.bindparam(name, expanding=True)) for name in columns]
    states = (RequestStatus.OPEN.value, RequestStatus.CLOSED.value)
    return _all_of([sa.select(*COLUMNS).where(*among, REQUESTS.c.status == state).limit(most) for state in states])


def _names(*conditions: sa.ColumnElement[bool]) -> Statement:
    """Kind and number of the names with such a word."""
    return _all_of(
        [
            sa.select(sa.literal_column(f"'{kind.value}'").label("kind"), NAME_WORDS.c.name_id)
            .where(NAME_WORDS.c.kind == kind.value, condition)
            .order_by(NAME_WORDS.c.word)
            .limit(MOST_NAMES)
            for kind in NameKind
            for condition in conditions
        ]
    )


_IS_WORD = NAME_WORDS.c.word == sa.bindparam("text")
_BEGINS = sa.and_(NAME_WORDS.c.word >= sa.bindparam("text"), NAME_WORDS.c.word < sa.bindparam("after"))
_IS_NEAR = NAME_WORDS.c.word.in_(sa.bindparam("near", expanding=True))
#: Names in which the word `text` stands; one that begins with it; one of the words `near`.
NAMES_WITH, NAMES_BEGINNING, NAMES_NEAR = _names(_IS_WORD), _names(_BEGINS), _names(_BEGINS, _IS_NEAR)
#: Words that share one of `keys`.
WORDS_NEAR = (
    sa.select(WORD_KEYS.c.word).where(WORD_KEYS.c.key.in_(sa.bindparam("keys", expanding=True))).limit(MOST_KEYS)
)


@cache
def names_with_all(kind: NameKind, words: int, *, is_whole: bool) -> sa.Select[tuple[int]]:
    """The numbers of names in which stand all of so many words: `near0` or what begins with `text0`, ..."""
    sets = []
    for place in range(words):
        begins = sa.and_(
            NAME_WORDS.c.word >= sa.bindparam(f"text{place}"), NAME_WORDS.c.word < sa.bindparam(f"after{place}")
        )
        is_word = NAME_WORDS.c.word.in_(sa.bindparam(f"near{place}", expanding=True))
        conditions = [is_word] if is_whole else [begins, is_word]
        of_kind = NAME_WORDS.c.kind == kind.value
        each = [sa.select(NAME_WORDS.c.name_id).where(of_kind, condition) for condition in conditions]
        sets.append(sa.select(sa.union_all(*each).subquery().c.name_id))
    return sa.select(sa.intersect(*sets).subquery().c.name_id).limit(sa.bindparam("most"))
