"""Names of the registry by their words: exactly, by a beginning, or misspelt."""

from collections.abc import Sequence

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from worker.db.search_tables import NAME_WORDS, WORD_KEYS
from worker.matching.name_words import NameKind, is_near, keys_of
from worker.matching.search_rank import Grade

#: Greater than every text that begins with what stands before it.
AFTER_ALL = "\U0010ffff"
#: Names of each kind that a word gives; words that a misspelt one gives; rows looked at to find those.
MOST_NAMES, MOST_WORDS, MOST_KEYS = 120, 30, 3_000

Names = dict[NameKind, list[int]]


class Word:
    """A typed word, up to a grade of mistakes: the names in which it stands."""

    def __init__(self, connection: sa.Connection, text: str, grade: Grade) -> None:
        self._connection = connection
        self._text = text
        self._near = _near_words(connection, text) if grade is Grade.NEARLY else ()
        self._grade = grade
        self.names = self._find()

    def choices(self, kind: NameKind) -> list[sa.Select[tuple[int]]]:
        """Queries for the numbers of the names of this kind: of the word itself, of what begins so, of what is near."""
        word, of_kind = NAME_WORDS.c.word, sa.select(NAME_WORDS.c.name_id).where(NAME_WORDS.c.kind == kind.value)
        if self._grade is Grade.WHOLE:
            return [of_kind.where(word == self._text)]
        begins = of_kind.where(word >= self._text, word < self._text + AFTER_ALL).order_by(word)
        return [begins, of_kind.where(word.in_(self._near))] if self._near else [begins]

    def _find(self) -> Names:
        parts = [
            sa.select(sa.literal(kind.value).label("kind"), part.c.name_id)
            for kind in NameKind
            for part in (choice.limit(MOST_NAMES).subquery() for choice in self.choices(kind))
        ]
        names: Names = {kind: [] for kind in NameKind}
        for kind, number in self._connection.execute(sa.union_all(*parts)):
            names[NameKind(kind)].append(number)
        return {kind: list(dict.fromkeys(numbers)) for kind, numbers in names.items()}


def providers_with(connection: sa.Connection, words: Sequence[Word], most: int) -> list[int]:
    """The numbers of the providers' names in which all these words stand."""
    kind = NameKind.PROVIDER
    if not words or any(not word.names[kind] for word in words):
        return []
    if len(words) == 1:
        return words[0].names[kind][:most]
    sets = [sa.union_all(*(sa.select(c.order_by(None).subquery()) for c in word.choices(kind))) for word in words]
    both = sa.intersect(*(sa.select(each.subquery().c.name_id) for each in sets))
    return list(connection.execute(sa.select(both.subquery().c.name_id).limit(most)).scalars())


def _near_words(connection: sa.Connection, text: str) -> tuple[str, ...]:
    """Words of the registry for which this one may stand, the nearest first."""
    query = sa.select(WORD_KEYS.c.word).where(WORD_KEYS.c.key.in_(keys_of(text))).limit(MOST_KEYS)
    near = {word for word in connection.execute(query).scalars() if is_near(text, word)}
    return tuple(sorted(near, key=lambda word: (OSA.distance(text, word), word))[:MOST_WORDS])
