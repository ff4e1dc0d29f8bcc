"""/dashboard: how the work goes, for supervisors and auditors. Live; no figure is of a person."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from worker.db import figures, openings
from worker.domain.person import Role
from worker.review.board import Counts, Json, Viewer, board, percent
from worker.review.live import Watch, events
from worker.review.record import About, entry_of, record
from worker.review.refusals import InvalidError, NotFoundError, wants_json
from worker.review.render import render
from worker.review.rules import sign_in_of, site_of
from worker.review.session import is_still_signed
from worker.review.who import AtSite, Signed, allowed

router = APIRouter()
Watching = Annotated[Signed, Depends(allowed(lambda p: p.is_any_of(Role.SUPERVISOR, Role.AUDITOR)))]
Supervising = Annotated[Signed, Depends(allowed(lambda p: p.is_any_of(Role.SUPERVISOR)))]
#: Streams at once; who comes later asks again from time to time.
MOST_STREAMS = 100


@router.get("/dashboard")
async def show_dashboard(request: Request, site: AtSite, signed: Watching) -> Response:
    """The page, with the figures of this moment in it."""
    await run_in_threadpool(record, site, signed, "view_dashboard")
    counts = await watch_of(request).latest()
    return render(
        request,
        "dashboard.html",
        {
            "figures": shown_to(request, signed, counts),
            "audit_share": percent(site.review.audit_share),
            "now": site.now(),
            "zone": str(site.zone),
            "may_acknowledge": signed.person.is_any_of(Role.SUPERVISOR),
        },
    )


@router.get("/dashboard/data")
async def data(request: Request, signed: Watching) -> Response:
    """The figures of this moment."""
    return JSONResponse(shown_to(request, signed, await watch_of(request).latest()))


@router.get("/dashboard/live")
async def live(request: Request, site: AtSite, signed: Watching) -> Response:
    """The figures as they change, as server-sent events. Watching is no sign of life: the session ends all the same."""
    watch, sign_in = watch_of(request), sign_in_of(request)
    if watch.streams >= MOST_STREAMS:
        raise InvalidError("Too many watch at once: ask /dashboard/data from time to time.")
    stream = events(
        watch,
        lambda counts: shown_to(request, signed, counts),
        lambda: is_still_signed(site, sign_in, signed),
        request.app.state.stopping,
    )
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


@router.post("/dashboard/alerts/{opening_id}")
def acknowledge(request: Request, site: AtSite, signed: Supervising, opening_id: int) -> Response:
    """A supervisor has seen that glass was broken, and looks into it."""
    engine = site.shelf.engine
    unseen = {opening.id: opening for opening in openings.load_unseen(engine)}
    opening = unseen.get(opening_id)
    if opening is None:
        raise NotFoundError("Somebody has acknowledged it already.")
    if not signed.person.may_use(figures.load_lines(engine, {opening.sha256}).get(opening.sha256, "")):
        raise NotFoundError
    entry = entry_of(signed, "acknowledge_break_glass", About(sha256=opening.sha256), opening=opening_id)
    openings.acknowledge(engine, opening_id, entry)
    watch_of(request).forget()
    return JSONResponse({"acknowledged": opening_id}) if wants_json(request) else RedirectResponse("/dashboard", 303)


def watch_of(request: Request) -> Watch:
    """The site's one watch, made for the first who looks."""
    state = request.app.state
    if not hasattr(state, "watch"):
        state.watch = Watch(site_of(request))
    watch: Watch = state.watch
    return watch


def shown_to(request: Request, signed: Signed, counts: Counts) -> Json:
    """What this person may see of what was counted, as it stands at this moment."""
    site = site_of(request)
    return board(counts, Viewer(signed.person.may_use, site.lines, site.now()))
