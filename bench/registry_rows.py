"""Draws the rows of a registry of any size, as bench.registry does, but without what does not grow to a million.

Surnames and providers are many more than the lists hold: half the surnames are drawn of syllables, as uneven in number
as those of a country. No near ids on purpose, since among a million there are enough.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from bench.people import COMMON, MEN, PLACES, PRACTICES, RARE, UNUSUAL, WOMEN, draw_npi, draw_phone
from bench.registry import FORMATS, PROGRAMS, service_span
from worker.domain.request import Request, RequestStatus

#: Providers and drawn surnames for so many requests.
REQUESTS_A_PROVIDER, REQUESTS_A_SURNAME = 50, 20
CLOSED = 0.07
ONSETS = (
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sch",
    "st",
    "t",
    "v",
    "w",
)
VOWELS = ("a", "e", "i", "o", "u", "ai", "ee", "ou")
CODAS = ("", "", "l", "n", "r", "s", "ck", "nd", "rt", "tz")
ENDINGS = ("", "", "man", "son", "ski", "er", "ez", "ini", "berg", "well")
SAINTS = ("Mary", "Luke", "Agnes", "Joseph", "Vincent", "Francis", "Anthony", "Rose", "Clare", "John")


class Rows:
    """Requests without end, the same for the same seed."""

    def __init__(self, seed: int, count: int) -> None:
        self._rng = random.Random(f"rows {seed}")
        self._formats = self._rng.sample(FORMATS, 3)
        self._claim = self._rng.choice(("8", "E", "CLM", "2026"))
        self._surnames = [self._surname() for _ in range(max(50, count // REQUESTS_A_SURNAME))]
        self._providers = [self._provider() for _ in range(max(40, count // REQUESTS_A_PROVIDER))]
        self._ids: set[str] = set()

    def draw(self, count: int) -> Iterator[Request]:
        """So many requests; a member has one to four."""
        left = count
        while left > 0:
            for request in self._of_member()[:left]:
                left -= 1
                yield request

    def _of_member(self) -> list[Request]:
        rng = self._rng
        member: dict[str, str | date] = {
            "member_id": f"W{rng.randrange(10**8, 10**9)}",
            "member_last_name": self._last_name(),
            "member_first_name": rng.choice(WOMEN + MEN),
            "date_of_birth": date(1928, 1, 1) + timedelta(days=int(rng.triangular(0, 35000, 11000))),
        }
        return [self._request(member) for _ in range(rng.choices((1, 2, 3, 4), (0.66, 0.22, 0.09, 0.03))[0])]

    def _request(self, member: dict[str, str | date]) -> Request:
        rng = self._rng
        name, npi, fax = rng.choice(self._providers)
        service, letter = service_span(rng), date(2026, 9, 18) + timedelta(days=rng.randint(0, 44))
        return Request(
            request_id=self._id(),
            claim_number=f"{self._claim}{rng.randrange(10**11, 10**12)}",
            provider_name=name,
            provider_npi=npi,
            provider_fax=fax,
            service_from=service[0],
            service_to=service[1],
            letter_date=letter,
            due_date=letter + timedelta(days=rng.choice((10, 30, 30, 45))),
            program=rng.choice(PROGRAMS),
            status=RequestStatus.CLOSED if rng.random() < CLOSED else RequestStatus.OPEN,
            **member,  # type: ignore[arg-type]  # the fields above
        )

    def _id(self) -> str:
        while (made := self._rng.choice(self._formats)(self._rng)) in self._ids:
            pass
        self._ids.add(made)
        return made

    def _last_name(self) -> str:
        """Half common and known ones, half of the drawn, the first of those more often; every 30th double."""
        rng = self._rng
        if rng.random() < 0.5:
            last = rng.choice(rng.choices((COMMON, RARE, UNUSUAL), (0.5, 0.38, 0.12))[0])
        else:
            last = self._surnames[int(len(self._surnames) * rng.random() ** 3)]
        return f"{last}-{rng.choice(COMMON)}" if rng.random() < 1 / 30 else last

    def _surname(self) -> str:
        rng = self._rng
        syllables = [rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.choice((1, 2, 2)))]
        return ("".join(syllables) + rng.choice(ENDINGS)).capitalize()

    def _provider(self) -> tuple[str, str, str]:
        rng = self._rng
        place = rng.choice((rng.choice(PLACES), f"St. {rng.choice(SAINTS)}", self._surname()))
        return f"{place} {rng.choice(PRACTICES)}", draw_npi(rng), draw_phone(rng)


def mistyped(text: str, rng: random.Random) -> str:
    """One mistake of typing: a character wrong, missing, doubled, or swapped with its neighbour; never the first."""
    k = rng.randrange(1, max(2, len(text) - 1))
    kind = rng.randrange(4)
    if kind == 0:
        return text[:k] + text[k + 1 :]
    if kind == 1:
        return text[: k + 1] + text[k:]
    swaps = [j for j, (a, b) in enumerate(pairwise(text)) if a != b and j]
    if kind == 2 and swaps:
        j = rng.choice(swaps)
        return text[:j] + text[j + 1] + text[j] + text[j + 2 :]
    return text[:k] + rng.choice("0123456789" if text[k].isdigit() else "aeioutnrsl") + text[k + 1 :]
