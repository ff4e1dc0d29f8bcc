"""Where a document came from, as far as matching may know it."""

import sqlalchemy as sa

from worker.db import arrivals, senders
from worker.matching.origin import Origin


def origin_of(engine: sa.Engine, sha256: str) -> Origin:
    """The sending number, with the providers that reviewers tied to it, and the lines on which the document came."""
    lines = frozenset(arrival.envelope.line for arrival in arrivals.load_of(engine, sha256))
    sender = senders.find_sender(engine, sha256)
    tied = senders.load_tied(engine, sender) if sender else ()
    return Origin(sender, frozenset(tie.provider_npi for tie in tied), lines)
