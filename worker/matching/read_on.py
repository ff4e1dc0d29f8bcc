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
    if not reading.has_tried(Region.FULL) and _needs_all(judgment):
        return Want(reading.number, Region.FULL)
    if judgment.ground in _UNCLEAR and not reading.has_tried(Region.BANDS_AGAIN):
        return Want(reading.number, Region.BANDS_AGAIN)
    return None


def _needs_all(judgment: Judgment) -> bool:
    """The decision rests on what was not seen: read the rest before trusting it."""
    if judgment.ground in _UNCLEAR:
        return True
    if judgment.page.document_type is DocumentType.COVER_SHEET:
        return True
    return judgment.ground is Ground.FOLLOWS and not judgment.page.has_identity
