"""The rows that a query could mean, by index: never more than some hundreds, whatever was typed."""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations, permutations

import sqlalchemy as sa

from worker.db.name_search import Word, names_with
from worker.db.request_writer import request_of
from worker.db.search_statements import AFTER_ALL, WITH_BEGINNING, WITH_ID, with_near_id, with_values
from worker.domain.request import Request
from worker.matching.name_words import NameKind
from worker.matching.near_ids import near_ids
from worker.matching.search_rank import SHORTEST_NEAR_ID, Grade
from worker.matching.search_terms import Meaning

#: Rows of a query, of each state; rows of a birth date.
MOST_ROWS, MOST_BORN = 40, 300
#: Names of one kind that are looked for, and pairs of names that are looked for together.
MOST_NAMES, MOST_PAIRS = 60, 800
COLUMN_OF = {
    NameKind.LAST: "last_name_id",
    NameKind.FIRST: "first_name_id",
    NameKind.PROVIDER: "provider_id",
}


def candidates_of(connection: sa.Connection, meaning: Meaning, grade: Grade) -> list[Request]:
    """Requests that may fit the meaning, found with mistakes up to this grade; some that do not are among them."""
    texts = [word for word in meaning.words if len(word) > 1] or meaning.words
    found = _by_ids(connection, meaning.ids, grade)
    if (meaning.days or meaning.swapped) and not texts:
        return found + _born(connection, meaning, (), grade)
    words = [Word(connection, text, grade) for text in texts]
    if meaning.days or meaning.swapped:
        return found + _born(connection, meaning, words, grade)
    return found + _named(connection, words)


def _by_ids(connection: sa.Connection, ids: Sequence[str], grade: Grade) -> list[Request]:
    found: list[Request] = []
    for text in ids:
        if grade is Grade.WHOLE:
            found += _run(connection, WITH_ID, {"text": text})
        elif grade is Grade.BEGINNING:
            found += _run(connection, WITH_BEGINNING, {"text": text, "after": text + AFTER_ALL})
        elif len(text) >= SHORTEST_NEAR_ID:
            found += _nearly(connection, text)
        if text.isdigit() and grade is not Grade.NEARLY:
            found += _of(connection, NameKind.PROVIDER, Word(connection, text, grade))
    return found


def _nearly(connection: sa.Connection, text: str) -> list[Request]:
    """Ids that are, or begin with, a text one mistake away; letters are tried only where digits find nothing."""
    dialect = connection.dialect.name
    for variants in near_ids(text):
        near = list(variants) if dialect == "postgresql" else json.dumps(variants)
        found = _run(connection, with_near_id(dialect), {"near": near})
        if found:
            return found
    return []


def _born(connection: sa.Connection, meaning: Meaning, words: Sequence[Word], grade: Grade) -> list[Request]:
    days = meaning.days if grade is not Grade.NEARLY else (*meaning.days, *meaning.swapped)
    if not days:
        return []
    found = _run(connection, with_values(("date_of_birth",), MOST_BORN), {"date_of_birth": days})
    last = [number for word in words for number in word.names[NameKind.LAST][:MOST_NAMES]]
    if len(found) >= MOST_BORN and last:  # a day that stands for many whose birth date is not known
        both = with_values(("date_of_birth", COLUMN_OF[NameKind.LAST]), MOST_BORN)
        found += _run(connection, both, {"date_of_birth": days, COLUMN_OF[NameKind.LAST]: last})
    return found


def _named(connection: sa.Connection, words: Sequence[Word]) -> list[Request]:
    """Each word may be a surname, a first name or a provider's; two of a member's suffice to find a request."""
    if len(words) < 2:
        return [request for word in words for kind in NameKind for request in _of(connection, kind, word)]
    found: list[Request] = []
    for last, first in permutations(words, 2):
        pair = (last.names[NameKind.LAST], first.names[NameKind.FIRST])
        found += _pairs(connection, NameKind.LAST, NameKind.FIRST, pair)
    for two in combinations(words, 2):
        found += _double(connection, two, [word for word in words if word not in two])
    for kind in (NameKind.FIRST, NameKind.PROVIDER):
        found += _some(connection, {COLUMN_OF[kind]: names_with(connection, kind, words, MOST_NAMES)})
    for word in words:
        others = [other for other in words if other is not word]
        of_others = names_with(connection, NameKind.PROVIDER, others, MOST_PAIRS)
        for kind in (NameKind.LAST, NameKind.FIRST):
            found += _pairs(connection, kind, NameKind.PROVIDER, (word.names[kind], of_others))
    return found


def _double(connection: sa.Connection, two: Sequence[Word], others: Sequence[Word]) -> list[Request]:
    """Requests of a double surname; with a provider's name, those of that provider."""
    names = names_with(connection, NameKind.LAST, two, MOST_NAMES)
    if not names:
        return []
    providers = names_with(connection, NameKind.PROVIDER, others, MOST_PAIRS)
    if providers:
        return _pairs(connection, NameKind.LAST, NameKind.PROVIDER, (names, providers))
    return _some(connection, {COLUMN_OF[NameKind.LAST]: names})


def _of(connection: sa.Connection, kind: NameKind, word: Word) -> list[Request]:
    return _some(connection, {COLUMN_OF[kind]: word.names[kind][:MOST_NAMES]})


def _pairs(
    connection: sa.Connection, one: NameKind, other: NameKind, names: tuple[Sequence[int], Sequence[int]]
) -> list[Request]:
    """Requests that bear a name of both."""
    ones = names[0][:MOST_NAMES]
    others = names[1][: MOST_PAIRS // max(1, len(ones))]
    return _some(connection, {COLUMN_OF[one]: ones, COLUMN_OF[other]: others})


def _some(connection: sa.Connection, values: Mapping[str, Sequence[int]]) -> list[Request]:
    """Some of those whose columns have one of these values each, open and closed ones."""
    if not all(values.values()):
        return []
    return _run(connection, with_values(tuple(values), MOST_ROWS), values)


def _run(connection: sa.Connection, statement: sa.Executable, given: Mapping[str, object]) -> list[Request]:
    return [request_of(row) for row in connection.execute(statement, dict(given))]
