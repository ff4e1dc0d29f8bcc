"""Small registries in which much is alike, and the questions that a page could ask of them."""

import random
from datetime import date, timedelta

from tests.builders.requests import JANET, given
from worker.domain.request import Request
from worker.matching.confusions import fold_id, fold_name
from worker.matching.registry import IdKind, Registry, Trait, id_of, surnames, traits_of

LASTS = ("Brown", "Browne", "Smith Jr", "St. John", "Ortega-Ruiz", "Ruiz", "de la Cruz", "Bernard", "Bemard", "Ø", "12")
FIRSTS = ("Ann", "Anne", "Mary Ann", "", "José", "Jr", "Bob III")
CHARACTERS = "0123456789ABOISX-é"


def draw_requests(rng: random.Random, count: int) -> dict[str, Request]:
    """Requests by id: ids of few characters and two lengths, so that many are one character apart; some are shared."""
    drawn = (_draw(rng) for _ in range(count))
    return {request.request_id: request for request in drawn}


def _draw(rng: random.Random) -> Request:
    return given(
        JANET,
        request_id=f"R{_digits(rng, rng.choice((2, 3, 3)))}{rng.choice('AO0é')}",
        claim_number=f"{rng.choice(('C-', 'c', 'Q'))}{_digits(rng, 3)}",
        member_id=f"M{_digits(rng, 2)}",
        member_last_name=rng.choice(LASTS),
        member_first_name=rng.choice(FIRSTS),
        date_of_birth=date(1950, 1, 1) + timedelta(days=rng.randrange(8)),
    )


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("012345OI") for _ in range(count))


def misread(text: str, rng: random.Random) -> str:
    """As it is, or with one or two characters replaced, left out, added or moved."""
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(4)
        left = text[:at] + text[at + 1 :]
        to = rng.randrange(len(left) + 1)
        added = rng.choice(CHARACTERS) if kind < 2 else text[at : at + 1]
        text = (text[:at] + added + text[at + 1 :], text[:at] + added + text[at:], left, left[:to] + added + left[to:])[
            kind
        ]
    return text


def answers(registry: Registry, asked: list[Request], rng: random.Random) -> list[object]:
    """What the registry says to questions near these requests, all methods in turn."""
    said: list[object] = [registry.count(Trait.ANY, "")]
    for request in asked:
        for kind in IdKind:
            text = misread(id_of(request, kind), rng)
            said += [registry.looks_like(kind, fold_id(text)), registry.one_off(kind, fold_id(text))]
            said += [registry.is_shaped(kind, text), registry.share_of_shape(kind, text), registry.carrying(kind, text)]
        said += [registry.request(misread(request.request_id, rng)), registry.born_on(request.date_of_birth)]
        first = fold_name(request.member_first_name)
        said += [registry.named(last, first) for last in sorted(surnames(request.member_last_name))]
        last, first = misread(request.member_last_name, rng), misread(request.member_first_name, rng)
        said.append(registry.named(fold_name(last), fold_name(first)))
        said += [registry.count(trait, value) for trait, value in traits_of(request)]
        said.append(registry.count(Trait.SURNAME, fold_name(last)))
    return said
