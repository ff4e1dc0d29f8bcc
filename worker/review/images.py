"""Pictures of pages: thumbnails, whole pages, and parts of them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.db import pictures
from worker.domain.picture import PictureSize, Pose, pose_of
from worker.domain.reading import Box, PageReading
from worker.pipeline.site import Site
from worker.review.addresses import PageNumber, Sha256
from worker.review.drawing import Drawing, Picture, drawing_of
from worker.review.record import About, record
from worker.review.refusals import InvalidError, NotFoundError, RefusedError
from worker.review.sensitive import Sensitivity, glance_at
from worker.review.who import AtSite, Reading, Signed

router = APIRouter()

#: Browsers keep what is not sensitive for an hour; signing out clears it (Clear-Site-Data).
KEPT = "private, max-age=3600, immutable"
#: What has no version in its address changes only when the page is read anew.
KEPT_SHORTLY = "private, max-age=600"
#: A stopgap may be replaced soon.
KEPT_BARELY = "private, max-age=60"
#: Requests that draw at a time; the others wait without holding a thread. A long list of thumbnails must not keep the
#: page that somebody looks at waiting.
_turn, _turn_of_thumbs = CapacityLimiter(2), CapacityLimiter(1)


class ClosedPageError(RefusedError):
    """A sensitive page that the person has not opened."""

    status = 403
    kind = "sensitive"

    def __init__(self) -> None:
        super().__init__("This page is sensitive: open the document with a reason first.")


@dataclass(frozen=True, slots=True)
class _Page:
    """Which page."""

    sha256: Sha256
    number: PageNumber


class _Asked(BaseModel):
    """What of it. `v` is `picture_version`."""

    size: Literal["thumb", "page", "crop"] = "page"
    box: str = Field("", max_length=40)
    v: str = Field("", max_length=16)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture that the person may see: for a part, the one that it is cut out of."""

    pose: Pose
    size: PictureSize
    is_sensitive: bool


def picture_version(reading: PageReading) -> str:
    """What to give as `v` in the address, so that browsers may keep the picture."""
    return pose_of(reading).mark


@router.get("/pages/{sha256}/{number}.png")
async def show_page(
    request: Request,
    site: AtSite,
    signed: Reading,
    page: Annotated[_Page, Depends()],
    asked: Annotated[_Asked, Query()],
) -> Response:
    """The picture as PNG or JPEG, whichever it is. `box` of a crop: left,top,width,height in pixels of the reading."""
    part = _box(asked.box) if asked.size == "crop" else None
    drawing = drawing_of(request)
    turn = _turn_of_thumbs if asked.size == "thumb" else _turn
    wanted, picture = await run_in_threadpool(_look, site, signed, drawing, (page, asked.size))
    if picture is None:
        picture = await to_thread.run_sync(drawing.draw, page.sha256, wanted.pose, wanted.size, limiter=turn)
    if part is not None:
        picture = await to_thread.run_sync(drawing.crop, picture, _on_picture(part, wanted.pose), limiter=turn)
    return _answer(picture, wanted, is_versioned=asked.v == wanted.pose.mark)


def _look(site: Site, signed: Signed, drawing: Drawing, asked: tuple[_Page, str]) -> tuple[_Wanted, Picture | None]:
    """What the person may see, on record, and the picture if it was drawn. Raises NotFoundError, ClosedPageError."""
    page, size = asked
    found = pictures.load_glances(site.shelf.engine, page.sha256, page.number)
    if not found or not signed.person.may_use(found[0].line):
        raise NotFoundError
    sensitivity = glance_at(site, signed.person, page.sha256, found)[page.number]
    is_thumb, is_closed = size == "thumb", sensitivity is Sensitivity.CLOSED
    if is_closed and not is_thumb:
        raise ClosedPageError
    if not is_thumb:
        record(site, signed, "view_page", About(page.sha256, page.number))
    kept = PictureSize.BLURRED if is_closed else PictureSize.THUMB if is_thumb else PictureSize.PAGE
    wanted = _Wanted(found[0].glance.pose, kept, sensitivity is not Sensitivity.NO)
    return wanted, drawing.find(page.sha256, wanted.pose, wanted.size)


def _answer(picture: Picture, wanted: _Wanted, *, is_versioned: bool) -> Response:
    """Sensitive pages are kept by nobody: what was open is closed after a while."""
    kept = KEPT_BARELY if not picture.is_final else KEPT if is_versioned else KEPT_SHORTLY
    headers = {"Cache-Control": "no-store" if wanted.is_sensitive else kept, "Vary": "Cookie"}
    return Response(picture.data, media_type=picture.media_type, headers=headers)


def _box(text: str) -> Box:
    try:
        left, top, width, height = (round(float(part)) for part in text.split(","))
    except (ValueError, OverflowError):
        raise InvalidError("Give the part of the page as box=left,top,width,height.") from None
    if min(left, top) < 0 or min(width, height) < 1 or max(left, top, width, height) > 100_000:
        raise InvalidError("The part lies outside the page.")
    return Box(left, top, width, height)


def _on_picture(box: Box, pose: Pose) -> tuple[int, int, int, int]:
    """The same part in pixels of the picture, which may be smaller than the page was when it was read."""
    on_it = box.scaled(pose.scale)
    return on_it.left, on_it.top, max(1, on_it.width), max(1, on_it.height)
