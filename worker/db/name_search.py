"""Names of the registry by their words: exactly, by a beginning, or misspelt."""

from collections.abc import Sequence

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from worker.db.search_statements import (
    AFTER_ALL,
    NAMES_BEGINNING,
    NAMES_NEAR,
    NAMES_WITH,
    WORDS_NEAR,
    names_with_all,
)
from worker.matching.name_words import NameKind, is_near, keys_of
from worker.matching.search_rank import Grade

#: Words that a misspelt one is taken for.
MOST_WORDS = 30

Names = dict[NameKind, list[int]]


class Word:
    """A typed word, up to a grade of mistakes, and the names in which it stands."""

    def __init__(self, connection: sa.Connection, text: str, grade: Grade) -> None:
        self.text, self.grade = text, grade
        #: The words that it may stand for. What only begins with it is not among them.
        self.meant = (text,) if grade is not Grade.NEARLY else _near_words(connection, text)
        self.names = self._find(connection)

    def _find(self, connection: sa.Connection) -> Names:
        statement = {Grade.WHOLE: NAMES_WITH, Grade.BEGINNING: NAMES_BEGINNING, Grade.NEARLY: NAMES_NEAR}[self.grade]
        given = {"text": self.text, "after": self.text + AFTER_ALL, "near": self.meant}
        names: Names = {kind: [] for kind in NameKind}
        for row in connection.execute(statement, given):
            names[NameKind(row.kind)].append(row.name_id)
        return {kind: list(dict.fromkeys(numbers)) for kind, numbers in names.items()}


def names_with(connection: sa.Connection, kind: NameKind, words: Sequence[Word], most: int) -> list[int]:
    """The numbers of the names of this kind in which all these words stand."""
    if not words or any(not word.names[kind] for word in words):
        return []
    if len(words) == 1:
        return words[0].names[kind][:most]
    given: dict[str, object] = {"most": most}
    for place, word in enumerate(words):
        given |= {f"text{place}": word.text, f"after{place}": word.text + AFTER_ALL, f"near{place}": word.meant}
    statement = names_with_all(kind, len(words), is_whole=words[0].grade is Grade.WHOLE)
    return list(connection.scalars(statement, given))


def _near_words(connection: sa.Connection, text: str) -> tuple[str, ...]:
    """Words of the registry for which this one may stand, the nearest first."""
    sharing = connection.execute(WORDS_NEAR, {"keys": keys_of(text)}).scalars()
    near = {word for word in sharing if is_near(text, word)}
    return tuple(sorted(near, key=lambda word: (OSA.distance(text, word), word))[:MOST_WORDS])
