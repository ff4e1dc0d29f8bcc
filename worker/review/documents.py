"""/documents: what came last, and one box to find any document, request or page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from worker.db import find_documents, page_words, pictures, request_search, story
from worker.db.find_documents import PAGE, Came
from worker.db.page_words import PageHit
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.pipeline.site import Site
from worker.review import words
from worker.review.record import record
from worker.review.render import render
from worker.review.sensitive import Sensitivity, look_at
from worker.review.who import AtSite, Reading, Signed

router = APIRouter()

#: Letters of a search that count; the rest is left out.
LONGEST = 200
#: Rows of each kind that a search shows.
MOST_DOCUMENTS, MOST_REQUESTS, MOST_PAGES = 25, 15, 25
#: Stages that are told by a colour as well.
TONES = {Stage.FILED: "good", Stage.REJECTED: "bad", Stage.PARKED: "warn"}
#: What the number of pages is followed by, and the class of its chip.
PIECES = {
    Outcome.FILED: ("filed", "good"),
    Outcome.REVIEW: ("to decide", "warn"),
    Outcome.SET_ASIDE: ("set aside", "plain"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of documents in words; `pieces` are its pages by outcome: word, class of the chip, number."""

    came: Came
    channel: str
    state: str
    tone: str
    pieces: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page with the words that were looked for; a sensitive page that is closed shows none."""

    hit: PageHit
    source: str
    is_closed: bool


@router.get("/documents")
def show_documents(request: Request, site: AtSite, signed: Reading) -> Response:
    """The page; with `q`, what it finds."""
    text = " ".join(request.query_params.get("q", "").split())[:LONGEST]
    if text:
        return render(request, "documents.html", _found(site, signed, text))
    given = request.query_params.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
    record(site, signed, "view_documents", before=before)
    came = find_documents.load_recent(site.shelf.engine, signed.person.lines, before)
    more = came[PAGE - 1].order if len(came) > PAGE else None
    shown = {"q": "", "documents": lines_of(site, came[:PAGE]), "more": more, "is_first": before is None}
    return render(request, "documents.html", shown | {"requests": (), "pages": ()})


def _found(site: Site, signed: Signed, text: str) -> dict[str, object]:
    engine, lines = site.shelf.engine, signed.person.lines
    documents = find_documents.find_documents(engine, text, lines, MOST_DOCUMENTS)
    requests = request_search.find_requests(engine, text, MOST_REQUESTS)
    hits = page_words.find_pages(engine, text, MOST_PAGES, lines)
    counts = {"documents": len(documents), "requests": len(requests), "pages": len(hits)}
    record(site, signed, "search", text=text, found=counts)
    sources = find_documents.load_sources(engine, {hit.sha256 for hit in hits}) if hits else {}
    pages = [Found(hit, sources.get(hit.sha256, "document"), _is_closed(site, signed, hit)) for hit in hits]
    return {
        "q": text,
        "documents": lines_of(site, documents),
        "requests": requests,
        "pages": pages,
        "more": None,
        "is_first": True,
    }


def _is_closed(site: Site, signed: Signed, hit: PageHit) -> bool:
    view = pictures.load_view(site.shelf.engine, hit.sha256, hit.page)
    if view is None:
        return True
    return look_at(site, signed.person, hit.sha256, [view])[hit.page] is Sensitivity.CLOSED


def lines_of(site: Site, came: Sequence[Came]) -> list[Line]:
    """The rows of the table in words, each with its pages by outcome."""
    hashes = {each.sha256 for each in came if each.sha256}
    counts = story.count_outcomes(site.shelf.engine, hashes) if hashes else {}
    return [_line(each, counts.get(each.sha256 or "", {})) for each in came]


def state_of(stage: Stage, counts: Mapping[Outcome, int]) -> tuple[str, str]:
    """How far a document is, in words, and the class of the chip that says so."""
    if stage is Stage.FILED and counts.get(Outcome.REVIEW):
        return "To decide", "warn"
    return words.STAGES[stage], TONES.get(stage, "plain")


def _line(came: Came, counts: Mapping[Outcome, int]) -> Line:
    pieces = tuple((*PIECES[each], counts[each]) for each in Outcome if each in counts)
    state = ("Refused", "bad") if came.stage is None else state_of(came.stage, counts)
    return Line(came, words.CHANNELS.get(came.channel, came.channel), *state, pieces)
