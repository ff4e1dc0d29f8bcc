"""Documents of drawn fax pages that are read, decided and filed, as reviewers look at them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.builders.pages import FINE, black_and_white, faxed, printed, save_tiff
from tests.builders.readings import reading
from worker.db import documents, pages, tasks
from worker.domain.decision import Candidate, Decision, DocumentType, Outcome
from worker.domain.document import DocumentKind
from worker.domain.envelope import Envelope, Incoming
from worker.domain.task import Step, Task
from worker.pipeline.site import Site

#: The size of a page as `pages.faxed` and the reader make it of a Letter sheet.
WIDTH, HEIGHT = 1728, 2200


def fax_file(path: Path, texts: Sequence[Sequence[str]]) -> Path:
    """A fax whose pages say these lines."""
    return save_tiff(path, [black_and_white(faxed(printed(lines), FINE)) for lines in texts])


def take_in_decided(
    site: Site, path: Path, texts: Sequence[Sequence[str]], *, line: str = "routine", owners: Sequence[str] = ()
) -> str:
    """The document arrives on this line, its pages say these lines and wait for a person; returns its SHA-256.

    Any one of `owners` may own its pages.
    """
    incoming = Incoming(str(path).encode(), path.name, datetime.now(UTC), Envelope(line=line))
    sha256 = site.accept(incoming, path).sha256
    engine = site.shelf.engine
    assert pages.save_opened(engine, _claim(site), DocumentKind.TIFF, [(1, len(texts))])
    assert pages.save_readings(engine, _claim(site), [reading(n, *lines) for n, lines in enumerate(texts, 1)])
    candidates = tuple(Candidate(owner, 0.4, ()) for owner in owners)
    decisions = [
        Decision(n, Outcome.REVIEW, None, DocumentType.OTHER, 0.4, "Names nobody.", candidates, "unclear")
        for n in range(1, len(texts) + 1)
    ]
    assert pages.save_decisions(engine, _claim(site), decisions)
    assert documents.mark_filed(engine, _claim(site))
    return sha256


def _claim(site: Site) -> Task:
    steps = [step for step in Step if step is not Step.DRAW]
    task = tasks.claim(site.shelf.engine, steps, "a test", timedelta(minutes=1))
    assert task is not None
    return task
