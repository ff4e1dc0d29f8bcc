"""Draws the registry of requests: families, twins, near ids, several requests a member, mixed id formats."""

import csv
import random
import string
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

from bench.people import Births, Person, Provider, draw_providers
from worker.domain.request import Request, RequestStatus

PROGRAMS = ("payment_integrity", "risk_adjustment", "appeal", "prior_authorization")
COLUMNS = tuple(item.name for item in fields(Request))
#: No letter that a person or OCR takes for a digit.
LETTERS = "ACDEFHJKMNPRTUVWXY"


@dataclass(frozen=True)
class Registry:
    """All requests, who the members are, who the providers are, and what is near to what."""

    requests: tuple[Request, ...]
    people: dict[str, Person]
    providers: tuple[Provider, ...]
    by_member: dict[str, tuple[Request, ...]]
    kin: dict[str, tuple[str, ...]]
    near: dict[str, str]

    def person(self, request: Request) -> Person:
        """The member whom a request is about."""
        return self.people[request.member_id]

    def provider(self, request: Request) -> Provider:
        """The provider whom a request went to."""
        return next(item for item in self.providers if item.npi == request.provider_npi)

    def siblings(self, request: Request) -> list[Request]:
        """The member's other requests."""
        return [item for item in self.by_member[request.member_id] if item is not request]


def luhn36(stem: str) -> str:
    """The check character (0-9 A-Z) of a string, Luhn modulo 36."""
    alphabet = string.digits + string.ascii_uppercase
    total = 0
    for place, char in enumerate(reversed([c for c in stem if c in alphabet])):
        value = alphabet.index(char) * (2 if place % 2 == 0 else 1)
        total += value // 36 + value % 36
    return alphabet[-total % 36]


def _eleven(rng: random.Random) -> str:
    return f"5{rng.randrange(10**9, 10**10)}"


def _prefixed(rng: random.Random) -> str:
    return f"MRR-{rng.randrange(10**6, 10**7)}"


def _lettered(rng: random.Random) -> str:
    return f"{rng.choice(LETTERS)}{rng.choice(LETTERS)}{rng.randrange(10**5, 10**6)}{rng.choice(LETTERS)}"


def _checked(rng: random.Random) -> str:
    stem = f"RQ{rng.choice(LETTERS)}{rng.randrange(10**6, 10**7)}"
    return f"{stem}{luhn36(stem)}"


def _yearly(rng: random.Random) -> str:
    return f"26-{rng.choice(LETTERS)}-{rng.randrange(10**6, 10**7)}"


FORMATS: tuple[Callable[[random.Random], str], ...] = (_eleven, _prefixed, _lettered, _checked, _yearly)


class Clerk:
    """Opens requests: keeps ids unique and remembers which were made near to others."""

    def __init__(self, rng: random.Random, providers: list[Provider]) -> None:
        self.rng = rng
        self.providers = providers
        self.formats = rng.sample(FORMATS, 3)
        self.ids: set[str] = set()
        self.near: dict[str, str] = {}
        self.claim_prefix = rng.choice(("8", "E", "CLM", "2026"))

    def request(self, person: Person, provider: Provider, service: tuple[date, date]) -> Request:
        """One request about one claim of a member; 7 % are closed."""
        rng = self.rng
        letter = date(2026, 9, 18) + timedelta(days=rng.randint(0, 44))
        last = f"{person.last} {person.suffix}" if person.suffix and rng.random() < 0.5 else person.last
        return Request(
            request_id=self.request_id(),
            claim_number=f"{self.claim_prefix}{rng.randrange(10**11, 10**12)}",
            member_id=person.member_id,
            member_last_name=last,
            member_first_name=person.first,
            date_of_birth=person.born,
            provider_name=provider.name,
            provider_npi=provider.npi,
            provider_fax=provider.fax,
            service_from=service[0],
            service_to=service[1],
            letter_date=letter,
            due_date=letter + timedelta(days=rng.choice((10, 30, 30, 45))),
            program=rng.choice(PROGRAMS),
            status=RequestStatus.CLOSED if rng.random() < 0.07 else RequestStatus.OPEN,
        )

    def request_id(self) -> str:
        """A new id; every eighth is one digit from, or a swap of, one that exists."""
        rng = self.rng
        while True:
            model = rng.choice(tuple(self.near) or ("",)) if rng.random() < 0.125 else ""
            made = nearby(model, rng) if model else rng.choice(self.formats)(rng)
            if made not in self.ids:
                self.ids.add(made)
                self.near[made] = model
                if model:
                    self.near[model] = made
                return made


def nearby(request_id: str, rng: random.Random) -> str:
    """An id with one digit changed or two neighbours swapped; its check character stays wrong or right."""
    places = [i for i, char in enumerate(request_id) if char.isdigit()]
    i = rng.choice(places[1:-1])
    if rng.random() < 0.5 and request_id[i + 1].isdigit() and request_id[i + 1] != request_id[i]:
        return request_id[:i] + request_id[i + 1] + request_id[i] + request_id[i + 2 :]
    return request_id[:i] + str((int(request_id[i]) + rng.randint(1, 9)) % 10) + request_id[i + 1 :]


def service_span(rng: random.Random) -> tuple[date, date]:
    """Dates of service: half of them one day, a stay otherwise."""
    start = date(2025, 4, 1) + timedelta(days=rng.randint(0, 480))
    return start, start + timedelta(days=rng.choice((0, 0, 0, 1, 2, 3, 5, 8)))


def households(births: Births) -> Iterable[tuple[Person, ...]]:
    """Members in families without end."""
    while True:
        one = births.stranger()
        kind = births.rng.random()
        if kind < 0.62:
            yield (one,)
        elif kind < 0.80:
            yield one, births.spouse(one)
        elif kind < 0.91:
            yield one, births.twin(one)
        else:
            yield births.junior(one)


def draw_registry(seed: int, count: int) -> Registry:
    """A registry of `count` requests, the same for the same seed."""
    rng = random.Random(f"registry {seed}")
    births = Births(rng)
    providers = draw_providers(rng, 40)
    clerk = Clerk(rng, providers)
    requests: list[Request] = []
    people: dict[str, Person] = {}
    kin: dict[str, tuple[str, ...]] = {}
    for family in households(births):
        provider = rng.choice(providers)
        for person in family:
            people[person.member_id] = person
            kin[person.member_id] = tuple(p.member_id for p in family if p is not person)
            requests += _requests_of(person, provider, clerk)
        if len(requests) >= count:
            break
    rng.shuffle(requests)
    return assemble(requests[:count], people, tuple(providers), kin, clerk.near)


def _requests_of(person: Person, provider: Provider, clerk: Clerk) -> list[Request]:
    rng = clerk.rng
    made = []
    for _ in range(rng.choices((1, 2, 3, 4), (0.66, 0.22, 0.09, 0.03))[0]):
        whom = provider if rng.random() < 0.8 else rng.choice(clerk.providers)
        made.append(clerk.request(person, whom, service_span(rng)))
    return _apart(made, rng)


def _apart(made: list[Request], rng: random.Random) -> list[Request]:
    """Move service dates so that no two requests of a member overlap: only then dates tell them apart."""
    start = date(2025, 4, 1) + timedelta(days=rng.randint(0, 60))
    moved = []
    for request in made:
        length = request.service_to - request.service_from
        alone = len(made) == 1
        moved.append(request if alone else replace(request, service_from=start, service_to=start + length))
        start += length + timedelta(days=rng.randint(12, 110))
    return moved


def assemble(
    requests: list[Request],
    people: dict[str, Person],
    providers: tuple[Provider, ...],
    kin: dict[str, tuple[str, ...]],
    near: dict[str, str],
) -> Registry:
    """A registry with its look-ups; kin and near ids only where they have requests themselves."""
    grouped: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        grouped[request.member_id].append(request)
    alive = {request.request_id for request in requests}
    return Registry(
        requests=tuple(requests),
        people=people,
        providers=providers,
        by_member={member: tuple(items) for member, items in grouped.items()},
        kin={m: tuple(k for k in ks if k in grouped) for m, ks in kin.items() if m in grouped},
        near={a: b for a, b in near.items() if a in alive and b in alive},
    )


def write_registry(registry: Registry, path: Path) -> None:
    """The registry as CSV with the columns of the domain's Request."""
    write_rows(registry.requests, path)


def write_rows(requests: Iterable[Request], path: Path) -> None:
    """The same of requests alone."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([str(value) for value in astuple(request)] for request in requests)
