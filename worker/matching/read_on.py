"""Which pages to read more of: those where more words could change the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.domain.decision import DocumentType
from worker.domain.reading import PageReading, Region
from worker.matching.judgment import Ground, Judgment

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
#: and some lines more; further down it is not told more clearly.
_REST = (Region.WIDER, Region.FULL)
_AGAIN = (Region.BANDS_AGAIN, Region.WIDER)


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
    if judgment.ground in _SETTLED or not _needs_more(judgment):
        return None
    order = _REST if judgment.page.is_legible and not judgment.page.has_identity else _AGAIN
    if judgment.ground not in _UNCLEAR:
        order = _REST
    return next((Want(reading.number, region) for region in order if not reading.has_tried(region)), None)


def _needs_more(judgment: Judgment) -> bool:
    """The decision rests on what was not seen: read the rest before trusting it."""
    if judgment.ground in _UNCLEAR:
        return True
    if judgment.page.document_type is DocumentType.COVER_SHEET:
        return True
    return judgment.ground is Ground.FOLLOWS and not judgment.page.has_identity
