"""How well a request fits what was typed, and the words that say why it was found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from worker.domain.request import Request
from worker.matching.confusions import fold_id
from worker.matching.name_words import NameKind, is_near, name_of, words_of
from worker.matching.registry import IdKind, id_of
from worker.matching.search_terms import Meaning


class Grade(IntEnum):
    """How a part of what was typed fits: smaller is better."""

    WHOLE = 0
    BEGINNING = 1
    NEARLY = 2


#: From so many characters on, an id with one wrong character is found.
SHORTEST_NEAR_ID = 5
NEARLY = ", nearly"
_MEMBER_NAME, _PROVIDER, _NPI, _BORN = "member name", "provider", "provider NPI", "birth date"
_WHAT = {NameKind.LAST: _MEMBER_NAME, NameKind.FIRST: _MEMBER_NAME, NameKind.PROVIDER: _PROVIDER}
_DECIDES = tuple(NameKind)


@dataclass(frozen=True, slots=True)
class Fit:
    """A request fits: `why` for people, `order` for sorting, best first."""

    why: str
    order: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    what: str
    grade: Grade


def fit_of(request: Request, meaning: Meaning) -> Fit | None:
    """How the request fits this meaning of the query; None where a part of it does not."""
    names = {kind: words_of(name_of(request, kind)) for kind in NameKind}
    parts = [_id_part(request, text) for text in meaning.ids]
    parts += [_word_part(names, word) for word in meaning.words if len(word) > 1 or len(meaning.words) == 1]
    if meaning.days or meaning.swapped:
        parts.append(_birth_part(request, meaning))
    found = [part for part in parts if part is not None]
    if not found or len(found) < len(parts):
        return None
    of_provider = sum(part.what in (_PROVIDER, _NPI) for part in found)
    initials = sum(_misses_initial(names, word) for word in meaning.words if len(word) == 1)
    return Fit(
        _why(found), (max(part.grade for part in found), sum(part.grade for part in found) + initials, of_provider)
    )


def _why(parts: Iterable[_Part]) -> str:
    worst: dict[str, Grade] = {}
    for part in parts:
        worst[part.what] = max(part.grade, worst.get(part.what, Grade.WHOLE))
    return ", ".join(what + (NEARLY if grade is Grade.NEARLY else "") for what, grade in worst.items())


def _id_part(request: Request, text: str) -> _Part | None:
    ids: list[tuple[str, str]] = [(kind.value, fold_id(id_of(request, kind))) for kind in IdKind]
    ids.append((_NPI, fold_id(request.provider_npi)))
    graded = [_Part(what, grade) for what, folded in ids if (grade := _grade(text, folded, _is_near_id)) is not None]
    return min(graded, key=lambda part: part.grade, default=None)


def _is_near_id(typed: str, folded: str) -> bool:
    """One character is wrong, missing, too many or swapped with the next, in the whole id or in its beginning."""
    if len(typed) < SHORTEST_NEAR_ID:
        return False
    beginnings = {folded, *(folded[: len(typed) + more] for more in (-1, 0, 1))}
    return any(OSA.distance(typed, beginning, score_cutoff=1) <= 1 for beginning in beginnings)


def _grade(typed: str, true: str, is_near: Callable[[str, str], bool]) -> Grade | None:
    if not true:
        return None
    if typed == true:
        return Grade.WHOLE
    if true.startswith(typed):
        return Grade.BEGINNING
    return Grade.NEARLY if is_near(typed, true) else None


def _word_part(names: dict[NameKind, tuple[str, ...]], typed: str) -> _Part | None:
    graded = [
        _Part(_WHAT[kind], grade)
        for kind in _DECIDES
        for word in names[kind]
        if (grade := _grade(typed, word, is_near)) is not None
    ]
    return min(graded, key=lambda part: part.grade, default=None)


def _misses_initial(names: dict[NameKind, tuple[str, ...]], letter: str) -> bool:
    """A single letter beside other words is an initial, perhaps of a middle name that the registry does not hold."""
    return not any(word.startswith(letter) for kind in (NameKind.LAST, NameKind.FIRST) for word in names[kind])


def _birth_part(request: Request, meaning: Meaning) -> _Part | None:
    if request.date_of_birth in meaning.days:
        return _Part(_BORN, Grade.WHOLE)
    return _Part(_BORN, Grade.NEARLY) if request.date_of_birth in meaning.swapped else None
