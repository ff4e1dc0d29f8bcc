"""Documents with pages for people: they have come, were read and decided, and their items wait in the inbox."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.builders.requests import JANET, JANET_SPRING, OMAR
from worker.db import documents, pages, requests, review_items, tasks
from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, Verdict
from worker.domain.document import DocumentKind
from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.person import Person, Role
from worker.domain.reading import Box, Line, PageReading, Region, TextReading, Word
from worker.domain.review import Item
from worker.domain.task import Step, Task
from worker.pipeline.inbox import waits_after
from worker.pipeline.site import Site

RITA = Person("rita", "Rita Alvarez", frozenset({Role.REVIEWER}))
RAVI = Person("ravi", "Ravi Menon", frozenset({Role.REVIEWER}))
SENA = Person("sena", "Sena Okafor", frozenset({Role.SENIOR}))
LENGTH = timedelta(minutes=5)
NAME_BOX, ID_BOX = Box(100, 120, 220, 40), Box(100, 60, 260, 36)
_NUMBERS = itertools.count(1)


def candidate(request_id: str, probability: float, *, has_id: bool = False, is_against: bool = False) -> Candidate:
    found = [Finding("member name", Verdict.AGREES, 5.0, "The name is the same.", (NAME_BOX,))]
    if has_id:
        sentence = f"Request id {request_id} was read letter for letter."
        found.append(Finding("request id", Verdict.AGREES, 12.0, sentence, (ID_BOX,)))
    if is_against:
        sentence = "Birth date differs: page 03/04/1951, request 03/04/1957."
        found.append(Finding("birth date", Verdict.DISAGREES, -10.0, sentence, (ID_BOX,)))
    return Candidate(request_id, probability, tuple(found))


def letter(page: int, request_id: str = JANET.request_id) -> Decision:
    found = (candidate(request_id, 0.999, has_id=True),)
    return Decision(page, Outcome.FILED, request_id, DocumentType.LETTER, 0.999, "Names the request.", found, "named")


def filed(page: int, request_id: str = JANET.request_id) -> Decision:
    found = (candidate(request_id, 0.998),)
    kind = DocumentType.MEDICAL_RECORD
    return Decision(page, Outcome.FILED, request_id, kind, 0.998, "Names the member.", found, "named")


def doubtful(page: int, *likely: str, ground: str = "unsure") -> Decision:
    ids = likely or (JANET.request_id, JANET_SPRING.request_id)
    found = tuple(candidate(each, 0.6 / (k + 1), is_against=k > 0) for k, each in enumerate(ids))
    reason = "The page speaks for a request, but not surely enough to file it."
    return Decision(page, Outcome.REVIEW, None, DocumentType.MEDICAL_RECORD, 0.6, reason, found, ground)


def bring(site: Site, decisions: Sequence[Decision], *, line: str = "routine", name: str = "") -> str:
    """The document has come, and was decided like this; returns its SHA-256. It is not filed yet."""
    number = next(_NUMBERS)
    path = site.home / f"came-{number}.pdf"
    path.write_bytes(f"%PDF-1.7 number {number} of {name}".encode())
    sha256 = take_in(site, path, line=line, name=name or f"fax{number:05}.tif")
    engine = site.shelf.engine
    assert pages.save_opened(engine, claim(site), DocumentKind.PDF, [(1, len(decisions))])
    assert pages.save_readings(engine, claim(site), [reading(decision.page) for decision in decisions])
    waits = waits_after(site, sha256, decisions, None)
    assert pages.save_decisions(engine, claim(site), decisions, waits=waits)
    return sha256


def take_in(site: Site, path: Path, *, line: str, name: str) -> str:
    envelope = Envelope(Channel.FAX, line, sender="5025550100", sender_name="COASTAL PULM", dialled="5025550199")
    return site.accept(Incoming(str(path).encode(), name, datetime.now(UTC), envelope), path).sha256


def know(site: Site) -> None:
    """The registry holds the requests that the cases name."""
    requests.replace_all(site.shelf.engine, [JANET, JANET_SPRING, OMAR])


def reading(page: int) -> PageReading:
    words = tuple(Word(text, Box(100 + 110 * k, 120, 100, 40), 0.9) for k, text in enumerate(("Brown,", "Janet")))
    text = (TextReading(Region.BANDS, (Line(words),)),)
    return PageReading(page, 1700, 2200, ink=0.05, text=text)


def file(site: Site) -> None:
    """The task of filing is done, as far as the database knows."""
    assert documents.mark_filed(site.shelf.engine, claim(site, Step.FILE))


def claim(site: Site, *steps: Step) -> Task:
    wanted = steps or (Step.OPEN, Step.READ, Step.DECIDE)
    task = tasks.claim(site.shelf.engine, wanted, "a test", timedelta(minutes=1))
    assert task is not None
    return task


def only_item(site: Site, sha256: str) -> Item:
    (item,) = review_items.load_open(site.shelf.engine, sha256)
    return item


def held(site: Site, sha256: str, person: Person) -> Item:
    """The only item of the document, in this person's hands."""
    item = review_items.hold(site.shelf.engine, only_item(site, sha256).id, person, LENGTH)
    assert item is not None
    return item
