"""What matching asks of the registry, answered by indexes: nothing is loaded but the answers.

The answers are those of `matching.registry.RequestTable`. Questions that were expected are asked in one statement for
each sort (docs/decisions/0015), and every answer is remembered as long as the registry is of one version.
"""

import contextlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import sqlalchemy as sa

from worker.db import facts
from worker.db import lookup_statements as statements
from worker.db.engine import reading
from worker.db.registry_counts import key_of
from worker.db.request_writer import request_of
from worker.db.search_tables import ID_LETTERS
from worker.domain.request import Request
from worker.matching.confusions import fold_id, shape
from worker.matching.one_off import Letters, one_off_texts
from worker.matching.registry import IdKind, Questions, Trait, id_of, look_name, share_of_texts, traits_of

#: Answers of one sort that are remembered: those of some hundred pages.
MOST_REMEMBERED = 50_000
#: Requests in all answers that go from one block to the next: some 30 MB.
MOST_HELD = 20_000
Id = tuple[IdKind, str]
Length = tuple[IdKind, int]
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(slots=True)
class Answers:
    """What one version of a registry answered. For one thread at a time."""

    version: int
    by_key: dict[Id, tuple[Request, ...]] = field(default_factory=dict)
    near: dict[Id, tuple[str, ...]] = field(default_factory=dict)
    named: dict[str, tuple[Request, ...]] = field(default_factory=dict)
    born: dict[date, tuple[Request, ...]] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    letters: dict[Length, list[frozenset[str]]] = field(default_factory=dict)

    @property
    def are_many(self) -> bool:
        """They hold so many requests that they had better be forgotten: on one day dozens of a million are born."""
        found = chain(self.by_key.values(), self.named.values(), self.born.values())
        return sum(map(len, found)) > MOST_HELD


class RequestLookups:
    """A registry as one snapshot of the database, which is of the version of the answers. For one thread."""

    def __init__(self, connection: sa.Connection, answers: Answers) -> None:
        self._connection = connection
        self.answers = answers
        self._by_key, self._near, self._named = answers.by_key, answers.near, answers.named
        self._born, self._amounts, self._letters = answers.born, answers.amounts, answers.letters

    def expect(self, questions: Questions) -> None:
        """See Registry."""
        ids, members = set(questions.ids), list(questions.requests)
        keys: set[Id] = {(kind, fold_id(text)) for text in ids for kind in IdKind}
        keys |= {(IdKind.MEMBER, fold_id(request.member_id)) for request in members}
        self._learn_keys(keys)
        self._learn_named({look_name(last, first) for last, first in questions.names if last})
        self._learn_born(set(questions.days))
        shapes = {key_of(kind, shape(text)) for text in ids for kind in IdKind}
        shapes |= {key_of(kind, shape(id_of(request, kind))) for request in members for kind in IdKind}
        traits = {trait for request in members for trait in traits_of(request)}
        self._learn_amounts(shapes | {key_of(*trait) for trait in traits})
        self._learn_near(self._unknown(ids))

    def _unknown(self, ids: Iterable[str]) -> set[Id]:
        """What has the pattern of an id and is none: ids one character away will be asked for."""
        unknown = (t for t in ids if not any(self._by_key.get((kind, fold_id(t))) for kind in IdKind))
        return {(kind, fold_id(text)) for text in unknown for kind in IdKind if self.is_shaped(kind, text)}

    def request(self, request_id: str) -> Request | None:
        """See Registry."""
        return next(iter(self.carrying(IdKind.REQUEST, request_id)), None)

    def looks_like(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """See Registry."""
        return tuple(sorted({id_of(request, kind) for request in self._with_key(kind, folded)}))

    def one_off(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """See Registry. All texts that are one character away are looked up at once."""
        self._learn_near({(kind, folded)})
        return self._near[kind, folded]

    def is_shaped(self, kind: IdKind, text: str) -> bool:
        """See Registry."""
        return self._amount(key_of(kind, shape(text))) > 0

    def share_of_shape(self, kind: IdKind, identifier: str) -> float:
        """See Registry."""
        pattern = shape(identifier)
        return share_of_texts(self._amount(key_of(kind, pattern)), pattern)

    def carrying(self, kind: IdKind, identifier: str) -> tuple[Request, ...]:
        """See Registry."""
        return tuple(r for r in self._with_key(kind, fold_id(identifier)) if id_of(r, kind) == identifier)

    def born_on(self, day: date) -> tuple[Request, ...]:
        """See Registry."""
        self._learn_born({day})
        return self._born[day]

    def named(self, last: str, first: str) -> tuple[Request, ...]:
        """See Registry."""
        if not last:
            return ()
        name = look_name(last, first)
        if name not in self._named:
            self._learn_named({name})
        return self._named[name]

    def count(self, trait: Trait, value: str) -> int:
        """See Registry."""
        return self._amount(key_of(trait, value))

    def _with_key(self, kind: IdKind, folded: str) -> tuple[Request, ...]:
        if (kind, folded) not in self._by_key:
            self._learn_keys({(kind, folded)})
        return self._by_key[kind, folded]

    def _amount(self, what: str) -> int:
        if what not in self._amounts:
            self._learn_amounts({what})
        return self._amounts[what]

    def _learn_keys(self, keys: Collection[Id]) -> None:
        new = _new(self._by_key, keys)
        if new:
            rows = self._ask(statements.with_keys(self._dialect), _by_kind(new))
            found = [((IdKind(row[0]), row[1]), request_of(row[2:])) for row in rows]
            self._by_key.update(_sorted_by(new, found))

    def _learn_named(self, names: Collection[str]) -> None:
        new = _new(self._named, names)
        if new:
            rows = self._ask(statements.with_names(self._dialect), {"names": new})
            self._named.update(_sorted_by(new, [(row[0], request_of(row[1:])) for row in rows]))

    def _learn_born(self, days: Collection[date]) -> None:
        new = _new(self._born, days)
        if new:
            rows = self._ask(statements.born_on(self._dialect), {"days": [day.isoformat() for day in new]})
            born = map(request_of, rows)
            self._born.update(_sorted_by(new, [(request.date_of_birth, request) for request in born]))

    def _learn_amounts(self, counted: Collection[str]) -> None:
        new = _new(self._amounts, counted)
        if new:
            full = key_of(Trait.FULL_NAME, "")
            names = [what.removeprefix(full) for what in new if what.startswith(full)]
            stored = [what for what in new if not what.startswith(full)]
            rows = self._ask(statements.amounts(self._dialect), {"counted": stored, "names": names})
            self._amounts.update(dict.fromkeys(new, 0))
            self._amounts.update((row[0], row[1]) for row in rows)

    def _learn_near(self, keys: Collection[Id]) -> None:
        new = _new(self._near, keys)
        if not new:
            return
        self._learn_letters(text for _, text in new)
        texts = {(kind, text): one_off_texts(text, self._letters_for(kind, text)) for kind, text in new}
        wanted = _by_kind({(kind, near) for (kind, _), found in texts.items() for near in found})
        ids: dict[Id, list[str]] = defaultdict(list)
        if any(wanted.values()):
            for row in self._ask(statements.ids_with_keys(self._dialect), wanted):
                ids[IdKind(row[0]), row[1]].append(row[2])
        for (kind, text), near in texts.items():
            self._near[kind, text] = tuple(sorted(known for key in near for known in ids.get((kind, key), ())))

    def _letters_for(self, kind: IdKind, text: str) -> Letters:
        """The letters of ids of this length, and of one more and one less; learned before."""
        return {length: self._letters[kind, length] for length in _lengths(text)}

    def _learn_letters(self, texts: Iterable[str]) -> None:
        lengths = {length for text in texts for length in _lengths(text)}
        new = [length for length in lengths if (IdKind.REQUEST, length) not in self._letters]
        if new:
            places: dict[Length, dict[int, set[str]]] = {(kind, length): {} for kind in IdKind for length in new}
            query = sa.select(ID_LETTERS).where(ID_LETTERS.c.length.in_(new)).order_by(ID_LETTERS.c.place)
            for kind, length, place, letter in self._connection.execute(query):
                places[IdKind(kind), length].setdefault(place, set()).add(letter)
            self._letters.update({which: [*map(frozenset, found.values())] for which, found in places.items()})

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _ask(self, statement: sa.Executable, lists: Mapping[str, list[str]]) -> Iterable[Sequence[Any]]:
        is_server = self._dialect == "postgresql"
        given = {name: values if is_server else json.dumps(values) for name, values in lists.items()}
        return self._connection.execute(statement, given)


@contextlib.contextmanager
def look_up(engine: sa.Engine, known: Answers | None = None) -> Iterator[tuple[RequestLookups, int]]:
    """The registry as it is now and its version; until the block ends, whatever others write, it stays so.

    `known` are answers from before, which count if the version is still theirs: it changes with every change of the
    registry, in the same transaction. For blocks that are short: the connection is taken meanwhile.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(_BY_INDEX)
        version = facts.read(connection, facts.REGISTRY_VERSION)
        if known is None or known.version != version:
            known = Answers(version)
        yield RequestLookups(connection, known), version


#: What the planner knows of a registry that was just imported may be anything: never read all of it, and never start
#: workers or a compiler for rows that are not there, which takes fifty times as long as the look-up.
_PLANS = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
_BY_INDEX = sa.select(*(sa.func.set_config(name, value, sa.true()) for name, value in _PLANS.items()))


def _new(known: dict[_K, _V], wanted: Collection[_K]) -> list[_K]:
    """What is not known yet. Where too much is, all of it is forgotten."""
    new = [each for each in wanted if each not in known]
    if len(known) + len(new) > MOST_REMEMBERED:
        known.clear()
        return list(wanted)
    return new


def _lengths(text: str) -> range:
    """How long ids can be that are one character away."""
    return range(len(text) - 1, len(text) + 2)


def _by_kind(keys: Iterable[Id]) -> dict[str, list[str]]:
    """Folded ids as the parameters of a statement."""
    lists: dict[str, list[str]] = {kind.name: [] for kind in IdKind}
    for kind, text in keys:
        lists[kind.name].append(text)
    return lists


def _sorted_by(asked: Iterable[_K], found: Iterable[tuple[_K, Request]]) -> dict[_K, tuple[Request, ...]]:
    """For each that was asked, what was found, by request id."""
    groups: dict[_K, list[Request]] = {each: [] for each in asked}
    for each, request in found:
        groups[each].append(request)
    return {each: tuple(sorted(group, key=lambda request: request.request_id)) for each, group in groups.items()}
