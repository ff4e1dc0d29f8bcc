"""What requests are found by, kept in step with the registry: folded ids and the numbers of names.

Everything here is called in the transaction that changes the registry, while it is serialized.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import attrgetter

import sqlalchemy as sa

from worker.db.bulk import batches, insert_rows
from worker.db.search_tables import NAME_WORDS, REGISTRY_NAMES, WORD_KEYS
from worker.db.tables import REQUESTS
from worker.domain.request import Request
from worker.matching.confusions import fold_id
from worker.matching.name_words import NameKind, keys_of, name_of, words_of

#: Rows per statement, and names that are remembered so as not to be asked for again.
BATCH, REMEMBERED = 2_000, 100_000
NAME_COLUMNS = {
    NameKind.LAST: REQUESTS.c.last_name_id,
    NameKind.FIRST: REQUESTS.c.first_name_id,
    NameKind.PROVIDER: REQUESTS.c.provider_id,
}
#: Where a name of each kind is written.
_WRITTEN: dict[NameKind, Callable[[Request], object]] = {
    NameKind.LAST: attrgetter("member_last_name"),
    NameKind.FIRST: attrgetter("member_first_name"),
    NameKind.PROVIDER: attrgetter("provider_name", "provider_npi"),
}
#: The columns that people's searches find requests by, and a request's values of them.
KEY_COLUMNS = ("request_key", "claim_key", "member_key", *(column.name for column in NAME_COLUMNS.values()))
Keys = tuple[str | int, ...]


class RegistryNames:
    """The numbers of names, new ones entered with their words. One for each transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._numbers: dict[NameKind, dict[object, int]] = {kind: {} for kind in NAME_COLUMNS}  # by the name as written

    def keys_of(self, requests: Sequence[Request]) -> list[Keys]:
        """The key columns of each request, in the same order."""
        numbers = [self._numbers_of(kind, requests) for kind in NAME_COLUMNS]
        ids = ((fold_id(r.request_id), fold_id(r.claim_number), fold_id(r.member_id)) for r in requests)
        return [(*folded, *numbered) for folded, *numbered in zip(ids, *numbers, strict=True)]

    def _numbers_of(self, kind: NameKind, requests: Sequence[Request]) -> list[int]:
        known = self._numbers[kind]
        if len(known) > REMEMBERED:
            known.clear()
        written = list(map(_WRITTEN[kind], requests))
        new = {as_written: r for as_written, r in zip(written, requests, strict=True) if as_written not in known}
        if new:
            names = {as_written: name_of(request, kind) for as_written, request in new.items()}
            numbers = self._learn(kind, set(names.values()))
            known.update((as_written, numbers[name]) for as_written, name in names.items())
        return [known[as_written] for as_written in written]

    def _learn(self, kind: NameKind, names: set[str]) -> dict[str, int]:
        known = _known(self._connection, kind, names)
        new = sorted(names - set(known))
        if new:
            last = self._connection.execute(sa.select(sa.func.max(REGISTRY_NAMES.c.id))).scalar_one() or 0
            numbered = {name: last + place for place, name in enumerate(new, 1)}
            _enter(self._connection, kind, numbered)
            known |= numbered
        return known


def names_borne(connection: sa.Connection, request_ids: Collection[str]) -> set[int]:
    """The numbers of the names of these requests."""
    query = sa.select(*NAME_COLUMNS.values()).where(REQUESTS.c.request_id.in_(request_ids)).distinct()
    return {number for row in connection.execute(query) for number in row}


def forget_unborne(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Remove those of these names that no request bears any more: who left the registry is not looked up in it."""
    for batch in batches(sorted(numbers), BATCH):
        borne = [sa.exists().where(column == REGISTRY_NAMES.c.id) for column in NAME_COLUMNS.values()]
        query = sa.select(REGISTRY_NAMES).where(REGISTRY_NAMES.c.id.in_(batch), *(~each for each in borne))
        gone = connection.execute(query).all()
        words = {(kind, word, number) for number, kind, name in gone for word in words_of(name)}
        connection.execute(sa.delete(REGISTRY_NAMES).where(REGISTRY_NAMES.c.id.in_([row.id for row in gone])))
        _delete_words(connection, words)


def fill(connection: sa.Connection) -> None:
    """The keys of all requests that are there, for the migration that brings them."""
    names = RegistryNames(connection)
    columns: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(name) for name in KEY_COLUMNS}
    update = sa.update(REQUESTS).where(REQUESTS.c.request_id == sa.bindparam("which")).values(columns)
    for batch in stored_batches(connection):
        keys = names.keys_of(batch)
        found_by = [
            {"which": request.request_id, **dict(zip(KEY_COLUMNS, each, strict=True))}
            for request, each in zip(batch, keys, strict=True)
        ]
        connection.execute(update, found_by)


def stored_batches(connection: sa.Connection) -> Iterator[list[Request]]:
    """All requests that are there, some at a time, for migrations: their state is the text that stands there.

    What the caller writes meanwhile may be in other columns than those of a request.
    """
    fields, last = [REQUESTS.c[field.name] for field in dataclasses.fields(Request)], ""
    query = sa.select(*fields).order_by(REQUESTS.c.request_id).limit(BATCH)
    while batch := [Request(*row) for row in connection.execute(query.where(REQUESTS.c.request_id > last))]:
        yield batch
        last = batch[-1].request_id


def _known(connection: sa.Connection, kind: NameKind, names: set[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for batch in batches(sorted(names), BATCH):
        query = sa.select(REGISTRY_NAMES.c.name, REGISTRY_NAMES.c.id).where(
            REGISTRY_NAMES.c.kind == kind.value, REGISTRY_NAMES.c.name.in_(batch)
        )
        known.update((name, number) for name, number in connection.execute(query))
    return known


def _enter(connection: sa.Connection, kind: NameKind, numbered: dict[str, int]) -> None:
    rows = [(number, kind.value, name) for name, number in numbered.items()]
    insert_rows(connection, REGISTRY_NAMES, ("id", "kind", "name"), rows)
    words = [(kind.value, word, number) for name, number in numbered.items() for word in words_of(name)]
    insert_rows(connection, NAME_WORDS, ("kind", "word", "name_id"), words)
    _enter_keys(connection, {word for _, word, _ in words})


def _enter_keys(connection: sa.Connection, words: set[str]) -> None:
    for batch in batches(sorted(words), BATCH):
        query = sa.select(WORD_KEYS.c.word).where(WORD_KEYS.c.key == WORD_KEYS.c.word, WORD_KEYS.c.key.in_(batch))
        known = set(connection.execute(query).scalars())
        rows = [(key, word) for word in batch if word not in known for key in keys_of(word)]
        insert_rows(connection, WORD_KEYS, ("key", "word"), rows)


def _delete_words(connection: sa.Connection, words: set[tuple[str, str, int]]) -> None:
    """Words out of the names that are gone, and the keys of those that stand in no name any more."""
    if not words:
        return
    which = [getattr(NAME_WORDS.c, name) == sa.bindparam(f"old_{name}") for name in ("kind", "word", "name_id")]
    rows = [{"old_kind": kind, "old_word": word, "old_name_id": number} for kind, word, number in words]
    connection.execute(sa.delete(NAME_WORDS).where(*which), rows)
    for batch in batches(sorted({word for _, word, _ in words}), BATCH):
        kinds = [kind.value for kind in NameKind]  # the table's key begins with the kind
        query = sa.select(NAME_WORDS.c.word).where(NAME_WORDS.c.kind.in_(kinds), NAME_WORDS.c.word.in_(batch))
        left = set(connection.execute(query.distinct()).scalars())
        keys = [{"old_key": key, "old_word": word} for word in batch if word not in left for key in keys_of(word)]
        if keys:
            what = (WORD_KEYS.c.key == sa.bindparam("old_key"), WORD_KEYS.c.word == sa.bindparam("old_word"))
            connection.execute(sa.delete(WORD_KEYS).where(*what), keys)
