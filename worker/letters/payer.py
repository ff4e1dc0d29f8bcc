"""The payer on whose behalf a letter goes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payer:
    """Letterhead and the ways to answer. Every field is printed as given; `address` has one entry a line."""

    name: str
    department: str
    address: tuple[str, ...]
    fax: str
    phone: str
