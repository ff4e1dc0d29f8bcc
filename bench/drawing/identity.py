"""How providers print who a page is about: forms of names and dates, label words, and a chart's own style."""

import random
from dataclasses import dataclass
from datetime import date

from bench.drawing.fonts import PRINT, TYPEWRITER
from bench.drawing.sheet import Face
from bench.people import Person

NAME_FORMS = ("last_first", "LAST_FIRST", "first_last", "first_m_last", "FIRST_LAST", "last_first_only")
DATE_FORMS = ("slashes", "short", "month_name", "day_first", "iso", "long", "dashes")
NAME_LABELS = ("Patient:", "Patient Name:", "Name:", "Pt:", "PATIENT", "Pt Name:", "Resident:", "Patient")
BIRTH_LABELS = ("DOB:", "D.O.B.", "Birthdate:", "Born", "Date of Birth:", "DOB", "Birth Date:", "B.D.:")
ACCOUNT_LABELS = ("MRN:", "MRN", "Acct:", "Account #", "Chart No:", "Med Rec #:", "FIN:", "Unit No.")
VISIT_LABELS = (
    "DOS:",
    "Visit date:",
    "Encounter:",
    "Date of service:",
    "Date of Visit",
    "Service Date:",
    "Seen:",
)


@dataclass(frozen=True, slots=True)
class Style:
    """What stays the same on all pages of one chart."""

    face: Face
    heading: Face
    header: str
    name_form: str
    birth_form: str
    visit_form: str
    labels: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one page says about whose it is, already in print; an empty string is not shown."""

    name: str = ""
    born: str = ""
    account: str = ""
    visit: str = ""
    provider: str = ""
    town: str = ""

    def labelled(self, labels: tuple[str, str, str, str]) -> list[tuple[str, str]]:
        """The shown facts with their label words."""
        values = (self.name, self.born, self.account, self.visit)
        return [(label, value) for label, value in zip(labels, values, strict=True) if value]


def print_name(person: Person, form: str) -> str:
    """A member's name as a provider's system prints it."""
    middle = f" {person.middle}" if person.middle else ""
    suffix = f" {person.suffix}" if person.suffix else ""
    match form:
        case "last_first":
            return f"{person.last}{suffix}, {person.first}{middle}"
        case "LAST_FIRST":
            return f"{person.last}{suffix}, {person.first}{middle}".upper()
        case "first_m_last":
            dotted = f"{middle}." if middle else ""
            return f"{person.first}{dotted} {person.last}{suffix}"
        case "FIRST_LAST":
            return f"{person.first}{middle} {person.last}{suffix}".upper()
        case "last_first_only":
            return f"{person.last}{suffix}, {person.first}"
        case _:
            return f"{person.first} {person.last}{suffix}"


def print_date(day: date, form: str) -> str:
    """A date in one of the styles of American charts."""
    match form:
        case "short":
            return f"{day.month}/{day.day}/{day:%y}"
        case "month_name":
            return f"{day:%b} {day.day}, {day.year}"
        case "day_first":
            return f"{day:%d-%b-%Y}"
        case "iso":
            return day.isoformat()
        case "long":
            return f"{day:%B} {day.day}, {day.year}"
        case "dashes":
            return f"{day:%m-%d-%Y}"
        case _:
            return f"{day:%m/%d/%Y}"


def draw_style(rng: random.Random, headers: tuple[str, ...]) -> Style:
    """The style of one provider's chart."""
    family = rng.choice(PRINT if rng.random() < 0.7 else TYPEWRITER)
    size = rng.choice((8.5, 9.0, 9.5, 10.0, 10.0, 10.5, 11.0, 12.0))
    if family in TYPEWRITER:
        size = min(size, 10.0)
    face = Face(family, size, leading=rng.choice((1.15, 1.25, 1.35)))
    return Style(
        face=face,
        heading=face.at(size + rng.choice((1, 2, 3))).strong,
        header=rng.choice(headers),
        name_form=rng.choice(NAME_FORMS),
        birth_form=rng.choices(DATE_FORMS, (5, 2, 2, 2, 1, 1, 2))[0],
        visit_form=rng.choices(DATE_FORMS, (5, 2, 2, 2, 1, 1, 2))[0],
        labels=(
            rng.choice(NAME_LABELS),
            rng.choice(BIRTH_LABELS),
            rng.choice(ACCOUNT_LABELS),
            rng.choice(VISIT_LABELS),
        ),
    )
