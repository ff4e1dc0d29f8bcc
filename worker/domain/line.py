"""A line: a fax number, mailbox, station or upload queue with its own urgency and limits."""

from dataclasses import dataclass

from worker.domain.envelope import ROUTINE

#: Bytes of an upload where a line does not say otherwise: what payers publish as their limit.
UPLOAD_BYTES = 25 * 1024 * 1024
#: Pages of a document where a line does not say otherwise.
MOST_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """`priority` orders work: a smaller number goes first, whatever came before.

    `clock_hours` is the time from receipt to an answer, weekends included; None where only the request's due date
    counts. `max_bytes` bounds a document (None: what payers publish for uploads and mail, any size from a station),
    `max_pages` its pages, `max_documents` those of one message (None: any number). `accepted_risk` bounds the
    chance that a page filed from here is another's (None: the site's).
    """

    name: str
    priority: int = 50
    clock_hours: int | None = None
    max_bytes: int | None = None
    max_pages: int = MOST_PAGES
    max_documents: int | None = None
    accepted_risk: float | None = None

    @property
    def upload_bytes(self) -> int:
        """What a document of an upload or a mail may have: such doors have a limit always."""
        return UPLOAD_BYTES if self.max_bytes is None else self.max_bytes


#: The lines of a site that configures none. Expedited appeals: 72 hours from receipt.
DEFAULT_LINES = (Line(ROUTINE), Line("expedited", priority=10, clock_hours=72))
