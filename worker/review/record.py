"""Writing into the audit log what a person saw or did."""

from dataclasses import dataclass

from worker.db import audit_log
from worker.domain.audit import Entry
from worker.pipeline.site import Site
from worker.review.who import Signed


@dataclass(frozen=True, slots=True)
class About:
    """What it was done to."""

    sha256: str | None = None
    page: int | None = None
    request_id: str | None = None


NOTHING = About()


def record(site: Site, signed: Signed, action: str, about: About = NOTHING, **detail: object) -> None:
    """Note it before the answer is given: what is not on record was not shown. `detail` is stored as JSON."""
    entry = entry_of(signed, action, about, **detail)
    audit_log.append(site.shelf.engine, entry)


def entry_of(signed: Signed, action: str, about: About = NOTHING, **detail: object) -> Entry:
    """The entry, for those who write it in a transaction of their own (audit_log.add)."""
    return Entry(signed.person.name, signed.address, action, about.sha256, about.page, about.request_id, detail)
