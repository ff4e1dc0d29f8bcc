"""The head of the sheet: which page, where it went, and the sentence that says why."""

from dataclasses import dataclass

from worker.domain.decision import Decision, Outcome
from worker.domain.reading import Box
from worker.explaining.shapes import Face, Ink, Measure, Text, lines_of

TITLE, WENT, PLAIN = (Face(18), Ink.QUIET), Face(26, is_bold=True), Face(16)
#: Pixels between the lines of the head, and below it.
APART, BELOW = 6, 26
INK_OF = {Outcome.FILED: Ink.FOR, Outcome.REVIEW: Ink.REVIEW, Outcome.SET_ASIDE: Ink.QUIET}


@dataclass(frozen=True, slots=True)
class Heading:
    """Which page of how many of which document, and what was decided."""

    source: str
    pages: int
    decision: Decision


def where_it_went(decision: Decision) -> str:
    """The outcome, and the request where there is one."""
    went = decision.outcome.value.replace("_", " ")
    return f"{went} to {decision.request_id}" if decision.request_id else went


def what_it_is(decision: Decision) -> str:
    """The document type, and the kind of a medical record where it is known."""
    kind = f" ({decision.record_kind.value})" if decision.record_kind else ""
    return (decision.document_type.value + kind).replace("_", " ")


def heading_shapes(heading: Heading, at: Box, measure: Measure) -> tuple[list[Text], int]:
    """The head from the top of `at` on, and where it ends."""
    decision = heading.decision
    went = where_it_went(decision)
    parts = (
        (f"{heading.source}, page {decision.page} of {heading.pages}", TITLE),
        (went[0].upper() + went[1:], (WENT, INK_OF[decision.outcome])),
        (f"{what_it_is(decision)}, confidence {decision.confidence:.4f}", (PLAIN, Ink.QUIET)),
        (decision.reason, (PLAIN, Ink.TEXT)),
    )
    texts: list[Text] = []
    top = at.top
    for text, style in parts:
        lines = lines_of(text, Box(at.left, top, at.width, 0), style, measure)
        texts += lines
        top += len(lines) * style[0].line + APART
    return texts, top + BELOW
