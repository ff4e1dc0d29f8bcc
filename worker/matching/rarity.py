"""How rare a member's name and birth date are, as the registry itself tells: what agrees by accident says little.

All shares are smoothed towards what is known of any population, since in a small registry every name is the only one.
"""

import math

from worker.domain.request import Request
from worker.matching.registry import Registry, Trait, traits_of

#: A surname, first name and birthday that nobody in the registry has: one in so many people (FIELD.md, US census).
SURNAMES, FIRST_NAMES, BIRTHDAYS = 5_000, 500, 29_000
#: So many people of the registry weigh as much as what is known of all people.
PRIOR_PEOPLE = 200.0


def name_surprise(request: Request, registry: Registry) -> float:
    """How surprising it is that somebody else has this member's full name: natural log of one in so many people."""
    others = {trait: _others(registry, trait, value) for trait, value in traits_of(request)}
    last = _share(others[Trait.SURNAME], others[Trait.ANY], SURNAMES)
    first = _share(others[Trait.FIRST_NAME], others[Trait.ANY], FIRST_NAMES)
    full = others[Trait.FULL_NAME] / max(1, others[Trait.ANY])
    return -math.log(max(last * first, full))


def birth_surprise(request: Request, registry: Registry) -> float:
    """The same for the birth date: whole families share a name, hardly anybody but twins a birth date."""
    day = request.date_of_birth.isoformat()
    others = _others(registry, Trait.BIRTH_DATE, day)
    return -math.log(_share(others, _others(registry, Trait.ANY, ""), BIRTHDAYS))


def _others(registry: Registry, trait: Trait, value: str) -> int:
    """How many members beside this one have the trait."""
    return max(0, registry.count(trait, value) - 1)


def _share(others: int, people: int, one_in: int) -> float:
    return (others + PRIOR_PEOPLE / one_in) / (people + PRIOR_PEOPLE)
