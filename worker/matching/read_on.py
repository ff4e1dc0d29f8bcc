"""Which pages to read more of: those where more words could change the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.domain.decision import DocumentType
from worker.domain.reading import PageReading, Region
from worker.matching.judgment import Ground, Judgment
from worker.matching.labels import Role
from worker.matching.registry import IdKind, Registry

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
#: then some lines more, and only then the rest, which seldom tells it more clearly. Prose comes last, and only where a
#: person would have to look: it costs as much as all the rest, and whose page it is does not stand there.
_REST = (Region.WIDER, Region.FULL)
_TO_THE_END = (*_REST, Region.PROSE)
_AGAIN = (Region.BANDS_AGAIN, *_TO_THE_END)


@dataclass(frozen=True, slots=True)
class Want:
    """Read this region of this page (numbered from 1), then decide again."""

    page: int
    region: Region


def wants(readings: Sequence[PageReading], judgments: Sequence[Judgment], registry: Registry) -> tuple[Want, ...]:
    """What to read next; nothing where no page is undecided or all has been tried."""
    by_page: Mapping[int, PageReading] = {reading.number: reading for reading in readings}
    found = (_want(by_page[judgment.page.page], judgment, registry) for judgment in judgments)
    return tuple(want for want in found if want is not None)


def _want(reading: PageReading, judgment: Judgment, registry: Registry) -> Want | None:
    if judgment.ground in _SETTLED:
        return None
    regions = _worth_reading(judgment, registry)
    return next((Want(reading.number, region) for region in regions if not reading.has_tried(region)), None)


def _worth_reading(judgment: Judgment, registry: Registry) -> tuple[Region, ...]:
    """The regions that could change the decision, in the order in which to try them."""
    page = judgment.page
    if judgment.ground in _UNCLEAR:
        return _TO_THE_END if page.is_legible and not page.has_identity else _AGAIN
    if page.document_type is DocumentType.COVER_SHEET:
        return _REST
    if judgment.ground is Ground.FOLLOWS and not page.has_identity:
        return _REST
    if judgment.ground is Ground.FOLLOWS and not page.dates_of(Role.SERVICE) and _has_others(judgment, registry):
        return (Region.WIDER,)  # a date of service further down may tell another request of the same member
    return ()


def _has_others(judgment: Judgment, registry: Registry) -> bool:
    """There are more requests for records of this member."""
    request = registry.request(judgment.request_id) if judgment.request_id else None
    return request is not None and len(registry.carrying(IdKind.MEMBER, request.member_id)) > 1
