"""Where a document came from, as far as matching may know it."""

import sqlalchemy as sa

from worker.db import senders
from worker.matching.origin import Origin


def origin_of(engine: sa.Engine, sha256: str) -> Origin:
    """The sending number, with the providers that reviewers tied to it."""
    sender = senders.find_sender(engine, sha256)
    return (
        Origin(sender, frozenset(tie.provider_npi for tie in senders.load_tied(engine, sender))) if sender else Origin()
    )
