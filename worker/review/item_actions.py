"""What a person does with an item: holds it, gives it back, parks it, saves it; opens a correction."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import documents, review_items, reviews
from worker.db.reviews import DECIDABLE, Refusal, Work
from worker.domain.decision import Outcome
from worker.domain.person import Person
from worker.domain.review import BY_PERSON, Answer, Item, ItemState
from worker.pipeline.correct import open_correction
from worker.pipeline.review_save import BadAnswerError, Given, save_review
from worker.pipeline.site import Site
from worker.review.case_load import find_item
from worker.review.item import hold_length
from worker.review.record import About, record
from worker.review.refusals import ConflictError, InvalidError, NotFoundError
from worker.review.sensitive import sensitivity_of
from worker.review.who import AtSite, Deciding, Signed

router = APIRouter()
_HELD = "Another person has this item in hand now, or it is done. Nothing of yours was saved: look at it again."
_STALE = "The document has changed since you opened it. Nothing of yours was saved: load it again."

Text = Annotated[str, Field(max_length=2_000)]


class _Sent(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Parking(_Sent):
    """Why an item is put off."""

    note: Annotated[str, Field(min_length=1, max_length=2_000)]


class SentAnswer(_Sent):
    """What the person says of one page."""

    page: int
    outcome: Outcome
    request_id: Annotated[str | None, Field(max_length=200)] = None
    ground: Annotated[str, Field(max_length=50)] = BY_PERSON
    note: Text = ""
    duplicate_of: Text = ""
    turn: Literal[0, 90, 180, 270] = 0


class Saving(_Sent):
    """All that is to be saved of an item, as the person saw it."""

    save_id: Annotated[str, Field(min_length=8, max_length=100)]
    version: int
    revision: int
    seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    keystrokes: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    pages: Annotated[list[SentAnswer], Field(max_length=5_000)]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What is said of each page."""
        return tuple(
            Answer(each.page, each.outcome, each.request_id, each.ground, each.note, each.duplicate_of, each.turn)
            for each in self.pages
        )


@router.post("/items/{item_id}/hold")
def hold(item_id: int, site: AtSite, signed: Deciding) -> Response:
    """Still at work on it."""
    find_item(site, signed, item_id)
    item = review_items.hold(site.shelf.engine, item_id, signed.person, hold_length(site))
    if item is None:
        raise ConflictError("held", _HELD)
    return JSONResponse({"heldUntil": item.held_until.isoformat() if item.held_until else None})


@router.post("/items/{item_id}/release")
def release(item_id: int, site: AtSite, signed: Deciding) -> Response:
    """Give it back undecided."""
    review_items.release(site.shelf.engine, item_id, signed.person.name)
    return Response(status_code=204)


@router.post("/items/{item_id}/park")
def park(item_id: int, parking: Parking, site: AtSite, signed: Deciding) -> Response:
    """Put it off with a note."""
    item = find_item(site, signed, item_id)
    record(site, signed, "park", About(sha256=item.sha256), item=item.id, note=parking.note)
    if not review_items.park(site.shelf.engine, item, signed.person.name, parking.note):
        raise ConflictError("held", _HELD)
    return JSONResponse({"next": _next(site, signed.person)})


@router.post("/items/{item_id}/save")
def save(item_id: int, saving: Saving, site: AtSite, signed: Deciding) -> Response:
    """Save what was decided, all of it or nothing; told again with the same save id, it gives the same answer."""
    item, name = find_item(site, signed, item_id), signed.person.name
    known = (saving.save_id, name, item_id, saving.answers)
    if item.version != saving.version and not reviews.is_saved(site.shelf.engine, *known):
        raise _conflict(Refusal.STALE if item.held_by == name else Refusal.HELD)
    try:
        refusal = save_review(site, signed.person, signed.address, _given(site, signed, item, saving))
    except BadAnswerError as error:
        raise InvalidError(str(error)) from error
    if refusal is not None:
        raise _conflict(refusal)
    after = find_item(site, signed, item_id)
    left = 0 if after.state is ItemState.DONE else len(after.pages)
    where = f"/items/{item_id}" if left else _next(site, signed.person)
    return JSONResponse({"next": where, "done": not left, "left": left})


@router.post("/documents/{sha256}/correct")
def correct(sha256: str, site: AtSite, signed: Deciding) -> Response:
    """Open a decided document to put it right: the item that is open already, or one of its own."""
    document = documents.find(site.shelf.engine, sha256)
    if document is None or not signed.person.may_use(document.line):
        raise NotFoundError("There is no such document.")
    if document.stage not in DECIDABLE or not document.pages:
        raise ConflictError("not-decided", "This document is not decided yet: wait until it is, or try it again.")
    record(site, signed, "open_correction", About(sha256=sha256))
    return RedirectResponse(f"/items/{open_correction(site, sha256)}", 303)


def _given(site: Site, signed: Signed, item: Item, saving: Saving) -> Given:
    secret = sensitivity_of(site, signed.person, item.sha256)
    sensitive = frozenset(page for page, how in secret.items() if how != "no")
    return Given(
        saving.save_id, item, saving.revision, saving.answers, Work(saving.seconds, saving.keystrokes), sensitive
    )


def _conflict(refusal: Refusal) -> ConflictError:
    return ConflictError(refusal.value, _HELD if refusal is Refusal.HELD else _STALE)


def _next(site: Site, person: Person) -> str:
    """Where the person goes on: the most urgent item that is free, or the inbox."""
    item = review_items.take_next(site.shelf.engine, person, hold_length(site))
    return f"/items/{item.id}" if item else "/inbox"
