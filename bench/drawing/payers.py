"""Payers and their stationery, all invented but the first."""

import random
from dataclasses import dataclass

from bench.drawing.sheet import Face
from bench.words import read_words


@dataclass(frozen=True, slots=True)
class House:
    """A payer's stationery: names, address, fax and phone, and the faces of its letters."""

    name: str
    unit: str
    address: str
    fax: str
    phone: str
    face: Face
    symbology: str


def read_houses(name: str) -> tuple[House, ...]:
    """The payers of a word list."""
    rows = (row.split("|") for row in read_words(name))
    return tuple(House(a, b, c, d, e, Face(f, float(g)), h) for a, b, c, d, e, f, g, h in rows)


#: Whose letters our mailroom sends out, and whose reach us by mistake.
OURS = read_houses("payers_ours")
OTHERS = read_houses("payers_others")


def house_of(request_id: str, houses: tuple[House, ...] = OURS) -> House:
    """The payer of a request: always the same for the same request."""
    return random.Random(request_id).choice(houses)
