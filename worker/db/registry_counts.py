"""What is counted of the registry: members who share a trait, ids of one pattern, and the letters that ids are made of.

Everything here is called in the transaction that changes the registry, while it is serialized. Few changes are
followed one by one; after many, everything is counted anew, which takes seconds for a million requests.
"""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from worker.db.bulk import batches, insert_rows
from worker.db.search_tables import ID_LETTERS, REGISTRY_COUNTS
from worker.db.tables import REQUESTS
from worker.domain.request import Request
from worker.matching.confusions import fold_id, shape
from worker.matching.registry import IdKind, Trait, id_of

#: Changed requests in one transaction from which on counting anew is cheaper.
MOST_FOLLOWED = 10_000
#: Rows that are fetched at a time.
BATCH = 5_000
ID_COLUMNS = {
    IdKind.REQUEST: REQUESTS.c.request_id,
    IdKind.CLAIM: REQUESTS.c.claim_number,
    IdKind.MEMBER: REQUESTS.c.member_id,
}
FOLDED = {
    IdKind.REQUEST: REQUESTS.c.request_key,
    IdKind.CLAIM: REQUESTS.c.claim_key,
    IdKind.MEMBER: REQUESTS.c.member_key,
}
#: Members with one full name are few: those are counted when it is asked.
COUNTED = (Trait.ANY, Trait.SURNAME, Trait.FIRST_NAME, Trait.BIRTH_DATE)
#: Their values in SQL, in the same order.
_VALUES = {
    "sqlite": (
        "''",
        "substr(look_name, 1, instr(look_name, ' ') - 1)",
        "substr(look_name, instr(look_name, ' ') + 1)",
        "CAST(date_of_birth AS TEXT)",
    ),
    "postgresql": (
        "''",
        "split_part(look_name, ' ', 1)",
        "split_part(look_name, ' ', 2)",
        "to_char(date_of_birth, 'YYYY-MM-DD')",
    ),
}
Place = tuple[str, int, int, str]


def key_of(what: Trait | IdKind, value: str) -> str:
    """What REGISTRY_COUNTS calls a trait with this value, or ids of this pattern."""
    return f"{what.value}:{value}"


class Counts:
    """The counts during one transaction. `is_new`: the registry was empty before it."""

    def __init__(self, connection: sa.Connection, *, is_new: bool) -> None:
        self._connection = connection
        self._changed = MOST_FOLLOWED if is_new else 0
        self._more: Counter[str] = Counter()

    @contextlib.contextmanager
    def follow(self, old: Sequence[Request], new: Sequence[Request]) -> Iterator[None]:
        """Meanwhile these requests take the place of those."""
        self._changed += max(len(old), len(new))
        if self._changed > MOST_FOLLOWED:
            yield
            return
        before = self._tally((*old, *new))
        yield
        after = self._tally((*old, *new))
        after.subtract(before)
        self._more.update(after)  # adds, negative ones too
        _learn_letters(self._connection, {kind: {id_of(r, kind) for r in new} for kind in IdKind})

    def save(self) -> None:
        """At the end of all changes."""
        if self._changed > MOST_FOLLOWED:
            count_anew(self._connection)
        else:
            _add(self._connection, self._more)

    def _tally(self, requests: Sequence[Request]) -> Counter[str]:
        """What the members and ids of these requests count for, as the registry is now."""
        counted = Counter(key_of(trait, value) for _, trait, value in self._borne({r.member_id for r in requests}))
        for kind, column in ID_COLUMNS.items():
            ids = {id_of(request, kind) for request in requests}
            known: set[str] = set()
            for batch in batches(sorted(ids), BATCH):
                folded = FOLDED[kind].in_({fold_id(text) for text in batch})
                known.update(self._connection.scalars(sa.select(column).where(folded, column.in_(batch))))
            counted.update(key_of(kind, shape(text)) for text in known)
        return counted

    def _borne(self, members: set[str]) -> set[tuple[str, Trait, str]]:
        borne: set[tuple[str, Trait, str]] = set()
        columns = (REQUESTS.c.member_id, REQUESTS.c.look_name, REQUESTS.c.date_of_birth)
        for batch in batches(sorted(members), BATCH):
            folded = REQUESTS.c.member_key.in_({fold_id(text) for text in batch})
            for member, name, born in self._connection.execute(
                sa.select(*columns).where(folded, REQUESTS.c.member_id.in_(batch)).distinct()
            ):
                last, _, first = name.partition(" ")
                values = ("", last, first, born.isoformat())
                borne.update((member, trait, value) for trait, value in zip(COUNTED, values, strict=True))
        return borne


def count_anew(connection: sa.Connection) -> None:
    """All counts and letters, of what is there."""
    connection.execute(sa.delete(REGISTRY_COUNTS))
    connection.execute(sa.delete(ID_LETTERS))
    members = sa.func.count(REQUESTS.c.member_id.distinct())
    for trait, text in zip(COUNTED, _VALUES[connection.dialect.name], strict=True):
        value = sa.literal_column(text, sa.Text)
        query = sa.select(sa.literal(key_of(trait, "")).concat(value), members)
        query = query.having(members > 0) if trait is Trait.ANY else query.group_by(value)
        connection.execute(sa.insert(REGISTRY_COUNTS).from_select(["what", "amount"], query))
    for kind, column in ID_COLUMNS.items():
        _count_ids(connection, kind, column)


def _count_ids(connection: sa.Connection, kind: IdKind, column: sa.Column[str]) -> None:
    shapes: Counter[str] = Counter()
    places: set[Place] = set()
    query = sa.select(column).execution_options(yield_per=BATCH)
    if not column.primary_key:
        query = query.distinct()
    with connection.execute(query) as rows:
        for batch in rows.scalars().partitions():
            shapes.update(map(shape, batch))
            places |= places_of(kind, batch)
    _add(connection, Counter({key_of(kind, pattern): ids for pattern, ids in shapes.items()}))
    insert_rows(connection, ID_LETTERS, tuple(ID_LETTERS.c.keys()), sorted(places))


def places_of(kind: IdKind, ids: Iterable[str]) -> set[Place]:
    """The rows of ID_LETTERS of these ids."""
    by_length: dict[int, list[str]] = {}
    for text in map(fold_id, ids):
        by_length.setdefault(len(text), []).append(text)
    return {
        (kind.value, length, place, letter)
        for length, texts in by_length.items()
        for place, letters in enumerate(zip(*texts, strict=True))
        for letter in set(letters)
    }


def _learn_letters(connection: sa.Connection, ids: dict[IdKind, set[str]]) -> None:
    for kind, texts in ids.items():
        wanted = places_of(kind, texts)
        lengths = {length for _, length, _, _ in wanted}
        query = sa.select(ID_LETTERS).where(ID_LETTERS.c.kind == kind.value, ID_LETTERS.c.length.in_(lengths))
        known = {tuple(row) for row in connection.execute(query)}
        insert_rows(connection, ID_LETTERS, tuple(ID_LETTERS.c.keys()), sorted(wanted - known))


def _add(connection: sa.Connection, more: Counter[str]) -> None:
    """Add to the counts; who counts nothing any more is not kept."""
    for batch in batches([what for what, amount in more.items() if amount], BATCH):
        query = sa.select(REGISTRY_COUNTS).where(REGISTRY_COUNTS.c.what.in_(batch))
        known = {row.what: row.amount for row in connection.execute(query)}
        connection.execute(sa.delete(REGISTRY_COUNTS).where(REGISTRY_COUNTS.c.what.in_(list(known))))
        rows = [(what, known.get(what, 0) + more[what]) for what in batch]
        insert_rows(connection, REGISTRY_COUNTS, ("what", "amount"), [row for row in rows if row[1]])
