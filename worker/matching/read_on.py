"""Which pages to read more of: those where more words could change the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.domain.decision import DocumentType
from worker.domain.reading import PageReading, Region
from worker.matching.judgment import Ground, Judgment
from worker.matching.labels import Role

#: Reading more cannot help: the page is blank, or what it says is clear and needs a person.
_SETTLED = frozenset({Ground.BLANK, Ground.SEPARATOR, Ground.REPEATED})
_UNCLEAR = frozenset(
    {
        Ground.CONTRADICTED,
        Ground.UNKNOWN_REQUEST,
        Ground.UNKNOWN_PATIENT,
        Ground.SEVERAL_FIT,
        Ground.UNSURE,
        Ground.NOTHING_NAMED,
        Ground.UNREADABLE,
    }
)

#: Nothing speaks of a patient: read the rest of the page. Something does, or the page is hardly legible: read it again,
#: then some lines more, and only then the rest, which seldom tells it more clearly.
_REST = (Region.WIDER, Region.FULL)
_AGAIN = (Region.BANDS_AGAIN, Region.WIDER, Region.FULL)


@dataclass(frozen=True, slots=True)
class Want:
    """Read this region of this page (numbered from 1), then decide again."""

    page: int
    region: Region


def wants(readings: Sequence[PageReading], judgments: Sequence[Judgment]) -> tuple[Want, ...]:
    """What to read next; nothing where no page is undecided or all has been tried."""
    by_page: Mapping[int, PageReading] = {reading.number: reading for reading in readings}
    found = (_want(by_page[judgment.page.page], judgment) for judgment in judgments)
    return tuple(want for want in found if want is not None)


def _want(reading: PageReading, judgment: Judgment) -> Want | None:
    if judgment.ground in _SETTLED:
        return None
    return next((Want(reading.number, r) for r in _worth_reading(judgment) if not reading.has_tried(r)), None)


def _worth_reading(judgment: Judgment) -> tuple[Region, ...]:
    """The regions that could change the decision, in the order in which to try them."""
    page = judgment.page
    if judgment.ground in _UNCLEAR:
        return _REST if page.is_legible and not page.has_identity else _AGAIN
    if page.document_type is DocumentType.COVER_SHEET:
        return _REST
    if judgment.ground is Ground.FOLLOWS and not page.has_identity:
        return _REST
    if judgment.ground is Ground.FOLLOWS and not page.dates_of(Role.SERVICE):
        return (Region.WIDER,)  # a date of service further down may tell another request of the same member
    return ()
