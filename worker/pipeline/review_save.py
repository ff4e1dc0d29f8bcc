"""Saving what a person decided of an item: what it leads to, who looks next, and all of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.db import documents, review_items, reviews
from worker.db.documents import Document
from worker.db.requests import find_many
from worker.db.reviews import PageState, Refusal, Review, Work
from worker.domain.audit import Entry
from worker.domain.decision import Decision, Outcome
from worker.domain.person import Person
from worker.domain.review import Answer, Item, ItemKind, NewItem, SetAside
from worker.domain.task import Step
from worker.errors import PigeonholeError
from worker.matching.review_items import blind_item, disagreement_item, due_of_blind, exception_item
from worker.matching.second_look import Asked, Next, decision_of, what_next
from worker.pipeline.inbox import occasion_of, requests_of, taken_pages
from worker.pipeline.site import Site

#: Kinds in which any page of the document may be changed, not only the item's.
ANY_PAGE = frozenset({ItemKind.EXCEPTION, ItemKind.CORRECTION, ItemKind.DISAGREEMENT})


class BadAnswerError(PigeonholeError):
    """An answer cannot be: the page is not there, the request is unknown, ... Says which page."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came from the browser: an item as it was shown, and the answers. `sensitive`: the pages that are."""

    save_id: str
    item: Item
    revision: int
    answers: tuple[Answer, ...]
    work: Work
    sensitive: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Seen:
    """The document as it stands now."""

    document: Document
    states: Mapping[int, PageState]
    others: tuple[Item, ...]

    @property
    def decisions(self) -> dict[int, Decision]:
        return {page: state.decision for page, state in self.states.items()}


@dataclass(frozen=True, slots=True)
class _After:
    """What the person said, what happens with each answer, and the decisions that follow."""

    by: Person
    pairs: Sequence[tuple[Answer, Next]]
    decisions: Sequence[Decision]

    def left_of(self, item: Item) -> tuple[int, ...]:
        """The pages of the item that are still open."""
        answered = {answer.page for answer, what in self.pairs if what is not Next.OPEN}
        return tuple(page for page in item.pages if page not in answered)


def save_review(site: Site, person: Person, address: str, given: Given) -> Refusal | None:
    """Save it; None when that is done, by this call or an earlier one of the same save id. Raises BadAnswerError."""
    engine = site.shelf.engine
    if reviews.is_saved(engine, given.save_id, person.name, given.item.id, given.answers):
        return None
    if not _may_still(person, given.item):
        return Refusal.HELD
    seen = _see(site, given)
    if seen is None:
        return Refusal.STALE
    _check(site, given, seen)
    review = _review(site, person, address, given, seen)
    refusal = reviews.save(engine, review)
    if refusal is None:
        site.bell.ring(Step.FILE)
    return refusal


def _may_still(person: Person, item: Item) -> bool:
    """Rights may have gone since the item was taken in hand."""
    is_settled_by = item.kind is not ItemKind.DISAGREEMENT or person.may_settle
    return is_settled_by and person.may_use(item.line) and person.name not in item.not_by


def _see(site: Site, given: Given) -> _Seen | None:
    engine, sha256 = site.shelf.engine, given.item.sha256
    document = documents.find(engine, sha256)
    if document is None or document.revision != given.revision or document.stage not in reviews.DECIDABLE:
        return None
    states = reviews.load_states(engine, sha256)
    if len(states) != document.pages:
        return None
    others = tuple(item for item in review_items.load_open(engine, sha256) if item.id != given.item.id)
    return _Seen(document, states, others)


def _check(site: Site, given: Given, seen: _Seen) -> None:
    known = find_many(site.shelf.engine, {answer.request_id for answer in given.answers if answer.request_id})
    elsewhere = {page: item.kind for item in seen.others if item.kind is not ItemKind.AUDIT for page in item.pages}
    if len({answer.page for answer in given.answers}) != len(given.answers):
        raise BadAnswerError("A page has two answers: load the item again.")
    for answer in given.answers:
        if answer.page not in seen.states or not (answer.page in given.item.pages or given.item.kind in ANY_PAGE):
            raise BadAnswerError(f"Page {answer.page} does not belong to this item: load it again.")
        if answer.page in elsewhere and answer.page not in given.item.pages:
            raise BadAnswerError(f"Page {answer.page} waits for another person: it cannot be changed here.")
        if (answer.outcome is Outcome.FILED) != (answer.request_id is not None):
            raise BadAnswerError(f"Page {answer.page}: a page is filed to a request, and only then has one.")
        if answer.request_id is not None and answer.request_id not in known:
            raise BadAnswerError(f"Page {answer.page}: there is no request {answer.request_id}.")
        if answer.outcome is Outcome.SET_ASIDE and answer.ground not in set(SetAside):
            raise BadAnswerError(f"Page {answer.page}: say why it is set aside.")
        if answer.turn not in {0, 90, 180, 270}:
            raise BadAnswerError(f"Page {answer.page}: it can be turned by 90, 180 or 270 degrees.")


def _review(site: Site, person: Person, address: str, given: Given, seen: _Seen) -> Review:
    opinions = reviews.load_opinions(site.shelf.engine, given.item.sha256, person.name)
    asked = Asked(given.item.kind, given.item.line, seen.decisions, opinions, given.sensitive)
    happens = what_next(asked, given.answers, site.review)
    pairs = list(zip(given.answers, happens, strict=True))
    changed = [decision_of(seen.decisions[answer.page], answer, what) for answer, what in pairs]
    decisions = tuple(decision for decision in changed if decision is not None)
    after = _After(person, pairs, decisions)
    return Review(
        save_id=given.save_id,
        by=person.name,
        item=given.item,
        revision=given.revision,
        answers=given.answers,
        decisions=decisions,
        turns={answer.page: answer.turn for answer in given.answers if answer.turn != seen.states[answer.page].turn},
        left=after.left_of(given.item),
        items=_items(site, given, seen, after),
        work=given.work,
        entry=_entry(person, address, given),
    )


def _items(site: Site, given: Given, seen: _Seen, said: _After) -> tuple[NewItem, ...]:
    """The items of the document from now on: those for others to look, and that of what is still in review."""
    occasion = occasion_of(site, given.item.sha256)
    after = {**seen.decisions, **{decision.page: decision for decision in said.decisions}}
    named = requests_of(site.shelf.engine, after.values())
    second = tuple(answer.page for answer, what in said.pairs if what is Next.SECOND_LOOK)
    disputed = tuple(answer.page for answer, what in said.pairs if what is Next.DISAGREEMENT)
    new: list[NewItem] = []
    if second:
        due = min(given.item.due_at, due_of_blind(occasion, [after[page] for page in second], named))
        new.append(blind_item(occasion, ItemKind.SECOND_LOOK, second, due, {said.by.name}))
    if disputed:
        new.append(disagreement_item(occasion, disputed, given.item.due_at, given.item.not_by | {said.by.name}))
    taken = {*second, *disputed, *taken_pages(seen.others)}
    if _is_persons(given.item):
        taken |= {*said.left_of(given.item)}
    exception = exception_item(occasion, list(after.values()), named, taken)
    return (*new, exception) if exception else tuple(new)


def _is_persons(item: Item) -> bool:
    return item.kind in {ItemKind.SECOND_LOOK, ItemKind.DISAGREEMENT}


def _entry(person: Person, address: str, given: Given) -> Entry:
    said = [
        {"page": a.page, "outcome": a.outcome.value, "request_id": a.request_id, "ground": a.ground}
        for a in given.answers
    ]
    detail = {"item": given.item.id, "kind": given.item.kind.value, "answers": said}
    return Entry(person.name, address, "decide", sha256=given.item.sha256, detail=detail)
