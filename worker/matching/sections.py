"""Letters cut a document into sections: where a request has its letter, its records are expected by it.

A request whose letter comes with its records beside it hardly has more of them before that letter, or behind the next.
Where letters lie on top of each other, or a request has none, its records may be anywhere.
"""

from collections.abc import Sequence

from worker.domain.decision import DocumentType, Finding, Strength, Verdict
from worker.matching.candidates import PageFindings, Weighed
from worker.matching.sightings import PageSightings

#: How much less likely a run of a request begins outside the section that its letter opens.
OUT_OF_ORDER = 0.01
FRONT_TYPES = frozenset({DocumentType.LETTER, DocumentType.COVER_SHEET})


def is_front(page: PageSightings) -> bool:
    """A letter or cover sheet begins here; its second page does not."""
    second_page = page.counter is not None and page.counter.page > 1
    return page.document_type in FRONT_TYPES and not second_page


def out_of_order(
    pages: Sequence[PageSightings], weighed: Weighed, states: Sequence[str], *, letters_last: bool
) -> list[list[float]]:
    """The factor (pages, states) by which a run of a state is less likely to begin on a page."""
    factors = [[1.0] * len(states) for _ in pages]
    column = {state: k for k, state in enumerate(states)}
    order = pages[::-1] if letters_last else pages
    letters = _letters(order, weighed.findings[::-1] if letters_last else weighed.findings)
    inside: dict[str, list[bool]] = {}
    for (first, request_id), end in zip(letters, [*(k for k, _ in letters[1:]), len(pages)], strict=False):
        if any(page.document_type not in FRONT_TYPES for page in order[first + 1 : end]):
            span = inside.setdefault(request_id, [False] * len(pages))
            span[first:end] = [True] * (end - first)
    for request_id, span in inside.items():
        for row, is_inside in zip(factors, span[::-1] if letters_last else span, strict=True):
            row[column[request_id]] = 1.0 if is_inside else OUT_OF_ORDER
    return factors


def _letters(pages: Sequence[PageSightings], findings: Sequence[PageFindings]) -> list[tuple[int, str]]:
    """Where letters stand that name exactly one of the candidates by its id."""
    found = []
    for k, (page, of_page) in enumerate(zip(pages, findings, strict=True)):
        if page.document_type is DocumentType.LETTER and is_front(page):
            named = [request_id for request_id, about in of_page.items() if _is_named(about)]
            if len(named) == 1:
                found.append((k, named[0]))
    return found


def _is_named(findings: Sequence[Finding]) -> bool:
    return any(
        f.name == "request id" and f.verdict is Verdict.AGREES and f.strength >= Strength.PARTIAL for f in findings
    )
