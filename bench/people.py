"""Who is in the registry: drawn members with their families, and drawn providers with valid NPIs."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.words import read_words

COMMON = read_words("surnames_common")
RARE = read_words("surnames_rare")
UNUSUAL = read_words("surnames_unusual")
WOMEN = read_words("women")
MEN = read_words("men")
PLACES = read_words("places")
PRACTICES = read_words("practices")


@dataclass(frozen=True, slots=True)
class Person:
    """A member: names as the payer holds them, `middle` and `suffix` only as providers print them."""

    last: str
    first: str
    middle: str
    suffix: str
    born: date
    sex: str
    member_id: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Who treats: name, NPI (valid check digit), fax and phone as ten digits, town."""

    name: str
    npi: str
    fax: str
    phone: str
    town: str


def draw_npi(rng: random.Random) -> str:
    """A National Provider Identifier: ten digits, Luhn over 80840 and the number."""
    stem = "1" + "".join(rng.choices("0123456789", k=8))
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(stem)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return stem + str(-total % 10)


def draw_phone(rng: random.Random) -> str:
    """Ten digits with an exchange reserved for fiction."""
    return f"{rng.randint(201, 989)}555{rng.randint(0, 9999):04d}"


def draw_providers(rng: random.Random, count: int) -> list[Provider]:
    """So many providers with different names."""
    names = [f"{place} {practice}" for place in PLACES for practice in PRACTICES]
    return [
        Provider(name, draw_npi(rng), draw_phone(rng), draw_phone(rng), rng.choice(PLACES))
        for name in rng.sample(names, count)
    ]


class Births:
    """Draws members and their kin, each with a member id of the registry's own format."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.prefix, self.digits = rng.choice((("W", 9), ("M", 8), ("H", 8), ("", 10), ("ZK", 7)))
        self.has_suffix = rng.random() < 0.4
        self.taken: set[str] = set()

    def stranger(self) -> Person:
        """Anybody: half common surnames, some unusual ones."""
        rng = self.rng
        last = rng.choice(rng.choices((COMMON, RARE, UNUSUAL), (0.5, 0.38, 0.12))[0])
        sex = rng.choice("FM")
        born = date(1928, 1, 1) + timedelta(days=int(rng.triangular(0, 35000, 11000)))
        first = rng.choice(WOMEN if sex == "F" else MEN)
        return Person(last, first, self._middle(), "", born, sex, self.member_id())

    def member_id(self) -> str:
        """An id nobody has."""
        while True:
            stem = f"{self.prefix}{self.rng.randrange(10 ** (self.digits - 1), 10**self.digits)}"
            if stem not in self.taken:
                self.taken.add(stem)
                return f"{stem}-01" if self.has_suffix else stem

    def next_id(self, member_id: str, step: int) -> str:
        """The id of a relative: the next suffix, or a number nearby."""
        if self.has_suffix:
            return f"{member_id[:-2]}{step + 1:02d}"
        number = int(member_id[len(self.prefix) :])
        stem = member_id
        while stem in self.taken:
            number = (number + step) % 10**self.digits
            stem = f"{self.prefix}{number:0{self.digits}d}"
        self.taken.add(stem)
        return stem

    def spouse(self, person: Person) -> Person:
        """Same surname, near member id, about the same age; rarely the very same birthday."""
        sex = "M" if person.sex == "F" else "F"
        shift = 0 if self.rng.random() < 0.1 else self.rng.randint(-2200, 2200)
        return replace(
            person,
            first=self._other_name(sex, person.first),
            middle=self._middle(),
            sex=sex,
            born=person.born + timedelta(days=shift),
            member_id=self.next_id(person.member_id, 1),
        )

    def twin(self, person: Person) -> Person:
        """Same surname and birthday, member id one apart, often the same initial."""
        names = WOMEN if person.sex == "F" else MEN
        alike = [name for name in names if name[0] == person.first[0] and name != person.first]
        first = self.rng.choice(alike) if alike else self._other_name(person.sex, person.first)
        return replace(person, first=first, middle=self._middle(), member_id=self.next_id(person.member_id, 1))

    def junior(self, person: Person) -> tuple[Person, Person]:
        """A parent and a child of the same name, told apart by birthday and suffix."""
        born = person.born + timedelta(days=self.rng.randint(7300, 13000))
        born = min(born, date(2024, 6, 1))
        return replace(person, suffix="Sr"), replace(
            person, suffix="Jr", born=born, member_id=self.next_id(person.member_id, 2)
        )

    def _middle(self) -> str:
        return self.rng.choice("ABCDEFGHJKLMNPRSTW") if self.rng.random() < 0.7 else ""

    def _other_name(self, sex: str, first: str) -> str:
        names = WOMEN if sex == "F" else MEN
        return self.rng.choice([name for name in names if name != first])
