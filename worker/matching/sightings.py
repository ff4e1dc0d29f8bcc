"""What the words and barcodes of one page could mean, before anything is compared with a request."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from worker.domain.decision import DocumentType, RecordKind
from worker.domain.reading import Box
from worker.matching.labels import Label, Role
from worker.matching.legibility import NOTHING_READ, Legibility
from worker.matching.registry import IdKind
from worker.matching.tokens import Token


class Certainty(IntEnum):
    """How sure it is that the id seen is the id meant, from least to most."""

    UNKNOWN = 0
    """Labelled and shaped like an id of the registry, which has none like it."""
    ONE_OFF = 1
    """One character away from ids of the registry."""
    CONFUSED = 2
    """The same but for look-alike characters (0/O, 1/I, 5/S, 8/B)."""
    EXACT = 3
    """Read letter for letter."""
    BARCODE = 4
    """Decoded from a barcode, which checks itself."""


@dataclass(frozen=True, slots=True)
class IdSighting:
    """An id on the page. `could_be` are the registry's ids it may stand for; none where it is unknown."""

    kind: IdKind
    text: str
    could_be: tuple[str, ...]
    certainty: Certainty
    is_labelled: bool
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class NameSighting:
    """A person's name: its words in the order seen. `is_labelled` says that a label calls this the patient."""

    words: tuple[str, ...]
    is_labelled: bool
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class DateSighting:
    """A date with what its label says it is; `days` holds each day it can mean, likeliest first; `text` as written."""

    role: Role
    days: tuple[date, ...]
    is_labelled: bool
    confidence: float
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True)
class NumberSighting:
    """A number that is no id of the registry: of a chart, of a provider, of a telephone."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line at the head or the foot of a page: its tokens, and which of them are labels."""

    tokens: tuple[Token, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """`Page 2 of 5` as the record counts itself; `of` is None where it only says `Page 2`."""

    page: int
    of: int | None

    def goes_on_from(self, before: "Counter") -> bool:
        """It is the next of the same count, as far as both say."""
        return self.page == before.page + 1 and (self.of == before.of or None in (self.of, before.of))


@dataclass(frozen=True, slots=True)
class PageSightings:
    """All sightings of one page.

    `is_readable` is False where some region could not be read: absence then means nothing. `chart_numbers` are the
    provider's own numbers for the patient or the stay. `has_identity_marks`: a label for a name, birth date or
    number stands on the page, or a line written like a name. `edges` are the lines at the head and the foot, where
    identity stands, as they were read.
    """

    page: int
    document_type: DocumentType
    type_confidence: float
    ids: tuple[IdSighting, ...] = ()
    names: tuple[NameSighting, ...] = ()
    dates: tuple[DateSighting, ...] = ()
    edges: tuple[EdgeLine, ...] = ()
    counter: Counter | None = None
    chart_numbers: tuple[NumberSighting, ...] = ()
    npis: tuple[NumberSighting, ...] = ()
    sender_phones: tuple[NumberSighting, ...] = ()
    has_identity_marks: bool = False
    is_blank: bool = False
    is_separator: bool = False
    is_readable: bool = True
    is_damaged: bool = False
    legibility: Legibility = NOTHING_READ
    record_kind: RecordKind | None = None

    def ids_of(self, kind: IdKind) -> tuple[IdSighting, ...]:
        """The sightings of this kind of id."""
        return tuple(sighting for sighting in self.ids if sighting.kind is kind)

    def dates_of(self, role: Role) -> tuple[DateSighting, ...]:
        """The dates with this role."""
        return tuple(sighting for sighting in self.dates if sighting.role is role)

    @property
    def is_legible(self) -> bool:
        """Enough was read that a name, had there been one, would have been seen: only then absence means something."""
        return self.is_readable and self.legibility.is_enough

    @property
    def has_identity(self) -> bool:
        """Something on the page says whose it is, readable or not: an id, a name, a birth date, a label of these."""
        return bool(
            self.ids or self.names or self.chart_numbers or self.dates_of(Role.BIRTH) or self.has_identity_marks
        )
