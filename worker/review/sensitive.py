"""Sensitive pages: which are, and whether this person has opened them."""

from collections.abc import Iterable
from enum import StrEnum

from worker.db import openings, pictures
from worker.db.pictures import PageGlance, PageView
from worker.domain.person import Person
from worker.matching.sensitive import is_sensitive, text_of
from worker.pipeline.site import Site


class Sensitivity(StrEnum):
    """What a person may see of a page; the words of the case's JSON."""

    NO = "no"
    """Not sensitive: all of it."""
    CLOSED = "closed"
    """Sensitive and not opened: a blurred thumbnail, no words, no boxes' text, no findings."""
    OPEN = "open"
    """Sensitive, and opened by this person with a reason."""


def sensitivity_of(site: Site, person: Person, sha256: str) -> dict[int, Sensitivity]:
    """Page number -> what this person may see of it now, for all pages of the document that were read."""
    return glance_at(site, person, sha256, pictures.load_glances(site.shelf.engine, sha256))


def glance_at(site: Site, person: Person, sha256: str, pages: Iterable[PageGlance]) -> dict[int, Sensitivity]:
    """The same for pages that are loaded already, as far as is needed for it."""
    found = {page.glance.pose.number: _is_sensitive(site, page.glance.text, page) for page in pages}
    return _for_person(site, person, sha256, found)


def look_at(site: Site, person: Person, sha256: str, views: Iterable[PageView]) -> dict[int, Sensitivity]:
    """The same for pages that are loaded as a whole."""
    found = {view.reading.number: _is_sensitive(site, text_of(view.reading), view) for view in views}
    return _for_person(site, person, sha256, found)


def _for_person(site: Site, person: Person, sha256: str, sensitive: dict[int, bool]) -> dict[int, Sensitivity]:
    if not any(sensitive.values()):
        return dict.fromkeys(sensitive, Sensitivity.NO)
    is_open = openings.is_open(site.shelf.engine, person.name, sha256)
    theirs = Sensitivity.OPEN if is_open else Sensitivity.CLOSED
    return {number: theirs if found else Sensitivity.NO for number, found in sensitive.items()}


def _is_sensitive(site: Site, text: str, page: PageGlance | PageView) -> bool:
    policy = site.review
    if is_sensitive(text, (), policy):
        return True
    if not policy.sensitive_programs:
        return False
    programs = pictures.load_programs(site.shelf.engine, page.owners)
    return is_sensitive("", programs.values(), policy)
