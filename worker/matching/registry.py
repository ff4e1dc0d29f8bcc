"""What matching asks of the registry of requests, and the registry held in memory that answers it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from worker.domain.request import Request
from worker.matching.confusions import SUFFIXES, fold_id, fold_name, shape


class IdKind(StrEnum):
    """The three numbers by which a page can name a request."""

    REQUEST = "request id"
    CLAIM = "claim number"
    MEMBER = "member id"


class Trait(StrEnum):
    """What members may share by accident: the registry tells how rare each is."""

    ANY = "any"
    """Being a member at all."""
    SURNAME = "surname"
    FIRST_NAME = "first name"
    FULL_NAME = "full name"
    """Surname and first name, folded, with a blank between."""
    BIRTH_DATE = "birth date"


@dataclass(frozen=True, slots=True)
class Questions:
    """What will be asked soon: by ids (texts as they stand on a page), by names (surname and first name, folded), by
    birth dates, and about the members of requests that became candidates.
    """

    ids: Iterable[str] = ()
    names: Iterable[tuple[str, str]] = ()
    days: Iterable[date] = ()
    requests: Iterable[Request] = ()


class Registry(Protocol):
    """Look-ups in the registry, open and closed requests alike.

    Every answer is sorted, requests by their id: what is decided does not hang on the order in which they came.
    """

    def expect(self, questions: Questions) -> None:
        """Told what will be asked, a registry far away fetches it in one go. Answers are the same without."""

    def request(self, request_id: str) -> Request | None:
        """The request of exactly this id."""

    def looks_like(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """The ids of this kind that fold to the same text (see confusions.fold_id)."""

    def one_off(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """The ids of this kind whose folded text is one character away: replaced, left out, added or moved.

        That is: the same remains of both when one character or none is left out of each.
        """

    def is_shaped(self, kind: IdKind, text: str) -> bool:
        """The text has the pattern of an id of this kind, as learned from the registry."""

    def share_of_shape(self, kind: IdKind, identifier: str) -> float:
        """The share (0 to 1) of all texts with this id's pattern that are ids of the registry.

        Of six-digit numbers one in some hundred may be an id: such a number on a page means little by itself.
        """

    def carrying(self, kind: IdKind, identifier: str) -> tuple[Request, ...]:
        """The requests that carry exactly this id."""

    def born_on(self, day: date) -> tuple[Request, ...]:
        """The requests of members born on this day."""

    def named(self, last: str, first: str) -> tuple[Request, ...]:
        """The requests of members whose names fold to these (see confusions.fold_name)."""

    def count(self, trait: Trait, value: str) -> int:
        """How many members have this trait; `value` is folded text, a day in ISO form, or empty for all members."""


class RequestTable:
    """A registry in memory, for up to some hundred thousand requests."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self._requests: dict[str, Request] = {}
        self._carrying: dict[IdKind, dict[str, list[Request]]] = {kind: defaultdict(list) for kind in IdKind}
        self._born: dict[date, list[Request]] = defaultdict(list)
        self._named: dict[tuple[str, str], list[Request]] = defaultdict(list)
        for request in sorted(requests, key=_by_request_id):
            self._add(request)
        self._folded = {kind: _by_fold(ids) for kind, ids in self._carrying.items()}
        self._shapes = {kind: Counter(shape(text) for text in ids) for kind, ids in self._carrying.items()}
        self._gaps: dict[IdKind, dict[str, list[str]]] = {}
        borne = {(r.member_id, *trait) for r in self._requests.values() for trait in traits_of(r)}
        self._traits = Counter((trait, value) for _, trait, value in borne)

    def _add(self, request: Request) -> None:
        self._requests[request.request_id] = request
        for kind in IdKind:
            self._carrying[kind][id_of(request, kind)].append(request)
        self._born[request.date_of_birth].append(request)
        first = fold_name(request.member_first_name)
        for last in surnames(request.member_last_name):
            self._named[last, first].append(request)

    def __len__(self) -> int:
        return len(self._requests)

    def expect(self, questions: Questions) -> None:
        """See Registry. Everything is here already."""

    def request(self, request_id: str) -> Request | None:
        """See Registry."""
        return self._requests.get(request_id)

    def looks_like(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """See Registry."""
        return tuple(sorted(self._folded[kind].get(folded, ())))

    def one_off(self, kind: IdKind, folded: str) -> tuple[str, ...]:
        """See Registry. Ids one character apart share a text with one character left out."""
        if kind not in self._gaps:
            self._gaps[kind] = _with_one_left_out(self._folded[kind])
        gaps = self._gaps[kind]
        near = {candidate for gap in (folded, *left_out_once(folded)) for candidate in gaps.get(gap, ())}
        return tuple(sorted(text for candidate in near - {folded} for text in self._folded[kind][candidate]))

    def is_shaped(self, kind: IdKind, text: str) -> bool:
        """See Registry."""
        return shape(text) in self._shapes[kind]

    def share_of_shape(self, kind: IdKind, identifier: str) -> float:
        """See Registry."""
        pattern = shape(identifier)
        return share_of_texts(self._shapes[kind][pattern], pattern)

    def carrying(self, kind: IdKind, identifier: str) -> tuple[Request, ...]:
        """See Registry."""
        return tuple(self._carrying[kind].get(identifier, ()))

    def born_on(self, day: date) -> tuple[Request, ...]:
        """See Registry."""
        return tuple(self._born.get(day, ()))

    def named(self, last: str, first: str) -> tuple[Request, ...]:
        """See Registry."""
        return tuple(self._named.get((last, first), ()))

    def count(self, trait: Trait, value: str) -> int:
        """See Registry."""
        return self._traits[trait, value]


def _by_request_id(request: Request) -> str:
    return request.request_id


def id_of(request: Request, kind: IdKind) -> str:
    """The request's id of this kind."""
    if kind is IdKind.REQUEST:
        return request.request_id
    return request.claim_number if kind is IdKind.CLAIM else request.member_id


def surnames(last_name: str) -> frozenset[str]:
    """The folded surname as a whole, without Jr and the like, and of a double name each part."""
    parts = [fold_name(part) for part in last_name.replace("-", " ").split()]
    names = [part for part in parts if part and part not in SUFFIXES]
    return frozenset(filter(None, (fold_name(last_name), "".join(names), *names)))


def share_of_texts(ids: int, pattern: str) -> float:
    """The share (0 to 1) that so many ids are of all texts of this pattern (see confusions.shape)."""
    return min(1.0, ids / (10.0 ** pattern.count("9") * 26.0 ** pattern.count("A")))


def look_name(last: str, first: str) -> str:
    """A folded surname and first name as one text, which is also the value of the trait of both."""
    return f"{last} {first}"


def traits_of(request: Request) -> tuple[tuple[Trait, str], ...]:
    """What this request's member may share with others, each trait with its value."""
    last, first = fold_name(request.member_last_name), fold_name(request.member_first_name)
    return (
        (Trait.ANY, ""),
        (Trait.SURNAME, last),
        (Trait.FIRST_NAME, first),
        (Trait.FULL_NAME, look_name(last, first)),
        (Trait.BIRTH_DATE, request.date_of_birth.isoformat()),
    )


def left_out_once(text: str) -> tuple[str, ...]:
    """The texts that remain when one character is left out, each once."""
    return tuple(dict.fromkeys(text[:k] + text[k + 1 :] for k in range(len(text))))


def _by_fold(ids: Iterable[str]) -> dict[str, list[str]]:
    folded: dict[str, list[str]] = defaultdict(list)
    for text in ids:
        folded[fold_id(text)].append(text)
    return dict(folded)


def _with_one_left_out(folded: Iterable[str]) -> dict[str, list[str]]:
    gaps: dict[str, list[str]] = defaultdict(list)
    for text in folded:
        for gap in (text, *left_out_once(text)):
            gaps[gap].append(text)
    return dict(gaps)
