"""The case screen without the mailroom behind it: the real template and scripts over a case from tests.

Its endpoints keep to the contract of the real ones; tests tell it what to refuse and when to be away.
"""

import asyncio
import contextlib
import io
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI
from PIL import Image
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from tests.builders.case_json import BOXES, HEIGHT, WIDTH, Json, detail_json
from tests.builders.pages import PROSE, SERIF, paper, write
from worker.domain.person import Person, Role
from worker.edge import Edge
from worker.review.app import HEADERS
from worker.review.render import ASSETS, render
from worker.review.who import Signed

ROSA = Person("rosa", "Rosa Marin", frozenset({Role.REVIEWER, Role.SENIOR}))
DPI = 200
#: Pages that are drawn; the others look like one of them.
DRAWN = 8


@dataclass
class CaseSite:
    """What the pretended server has and was asked. `refusals` are answered first, one a save: (status, kind, why)."""

    case: Json = field(default_factory=dict)
    url: str = ""
    saves: list[Json] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    opened: list[Json] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    held: int = 0
    refusals: list[tuple[int, str, str]] = field(default_factory=list)
    hold_refused: bool = False
    found: dict[str, tuple[float, list[Json]]] = field(default_factory=dict)
    details: dict[int, Json] = field(default_factory=dict)
    may_open: bool = True
    csrf: str = "token-1"

    def begin(self, case: Json) -> str:
        """A fresh start with this case; gives the address of its screen."""
        fresh = CaseSite(case=case, url=self.url, csrf=case["csrf"])
        self.__dict__.update(fresh.__dict__)
        return f"{self.url}/items/{case['item']['id']}"


@cache
def drawn_page(n: int) -> Image.Image:
    """A chart page with the words at the places that BOXES tells."""
    sheet = paper(8.5, 11, DPI)
    write(sheet, ["Coastal Pulmonary Clinic", ""], at_in=(0.5, 0.6), points=18, font=SERIF, dpi=DPI)
    labels = {"name": "Patient:", "birth date": "DOB:", "member id": "Member:", "service date": "Visit:"}
    for kind, text, (left, top, _, _) in BOXES:
        indent = len(labels[kind]) * 0.11 + 0.15
        write(sheet, [labels[kind]], at_in=(left / DPI - indent, top / DPI), points=12, dpi=DPI)
        said = "03/04/1951" if kind == "birth date" and n == 2 else text
        write(sheet, [said], at_in=(left / DPI, top / DPI), points=12, dpi=DPI)
    write(sheet, [f"Progress note, part {n}", *PROSE[3:]] * 3, at_in=(0.7, 3), points=11, font=SERIF, dpi=DPI)
    return sheet


@cache
def picture(n: int, size: str, box: str = "") -> bytes:
    """The page as a PNG of the size asked for."""
    sheet = drawn_page(n)
    if size == "thumb":
        sheet = sheet.resize((150, round(150 * HEIGHT / WIDTH)))
    if size == "crop":
        left, top, width, height = (int(side) for side in box.split(","))
        sheet = sheet.crop((left, top, left + width, top + height))
    file = io.BytesIO()
    sheet.save(file, "PNG", compress_level=1)
    return file.getvalue()


def make_case_app(site: CaseSite) -> FastAPI:
    """The pretended server."""
    app = FastAPI(openapi_url=None)
    app.state.site = SimpleNamespace(zone=ZoneInfo("America/New_York"))
    app.mount("/static", ASSETS, name="static")
    _add_pages(app, site)
    _add_decisions(app, site)
    _add_others(app, site)
    return app


def _add_pages(app: FastAPI, site: CaseSite) -> None:
    @app.get("/items/{item}")
    def show(item: int, request: Request) -> HTMLResponse:
        request.state.signed = Signed(ROSA, site.csrf, "", "127.0.0.1")
        return render(request, "item.html", {"case": site.case | {"csrf": site.csrf}})

    @app.get("/items/{item}/pages/{n}")
    def detail(item: int, n: int) -> Json:
        return site.details.get(n) or detail_json(n)

    @app.get("/pages/{sha256}/{n}.png")
    def image(sha256: str, n: int, size: str, box: str = "") -> Response:
        if size != "thumb" and site.case["pages"][n - 1]["sensitive"] == "closed":
            return problem(403, "not-allowed", "This page is sensitive.")
        return Response(
            picture(n % DRAWN, size, box), media_type="image/png", headers={"Cache-Control": "private, max-age=600"}
        )

    @app.get("/inbox")
    def inbox() -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>Inbox</title><h1>Inbox</h1>")


def _add_decisions(app: FastAPI, site: CaseSite) -> None:
    @app.post("/items/{item}/save")
    async def save(item: int, request: Request) -> Response:
        if request.headers.get("X-CSRF-Token") != site.csrf:
            return problem(403, "csrf", "The page is too old: load it again.")
        body: Json = await request.json()
        site.saves.append(body)
        if site.refusals:
            return problem(*site.refusals.pop(0))
        return JSONResponse({"next": "/inbox", "done": True, "left": 0})

    @app.post("/items/{item}/park")
    async def park(item: int, request: Request) -> Json:
        site.parked.append((await request.json())["note"])
        return {"next": "/inbox"}

    @app.post("/items/{item}/hold")
    def hold(item: int) -> Response:
        site.held += 1
        if site.hold_refused:
            return problem(409, "held", "Jonas Weber has this item now.")
        return JSONResponse({"heldUntil": "2026-11-25T10:05:00+00:00"})

    @app.post("/items/{item}/release", status_code=204)
    async def release(item: int, request: Request) -> None:
        site.released.append(parse_qs((await request.body()).decode())["csrf"][0])


def _add_others(app: FastAPI, site: CaseSite) -> None:
    @app.post("/documents/{sha256}/open")
    async def open_sensitive(sha256: str, request: Request) -> Response:
        body: Json = await request.json()
        site.opened.append(body)
        if not site.may_open and not body["breakGlass"]:
            return problem(403, "not-allowed", "You may not open sensitive pages.")
        for page in site.case["pages"]:
            page["sensitive"] = "open" if page["sensitive"] == "closed" else page["sensitive"]
        return Response(status_code=204)

    @app.get("/session/state")
    @app.post("/session/alive")
    def session() -> dict[str, int]:
        return {"idle": 900, "end": 30_000}

    @app.get("/search/requests")
    async def search(q: str) -> dict[str, Any]:
        seconds, found = site.found.get(q, (0.0, []))
        await asyncio.sleep(seconds)
        return {"requests": found}


def problem(status: int, kind: str, why: str) -> JSONResponse:
    """A refusal as the real site words it."""
    body = {"type": f"urn:pigeonhole:{kind}", "title": why, "status": status}
    return JSONResponse(body, status, media_type="application/problem+json")


@contextlib.contextmanager
def serving_case() -> Iterator[CaseSite]:
    """The pretended server on a free port."""
    site = CaseSite()
    edge = Edge(make_case_app(site), lambda: Response("failed", 500), HEADERS)
    server = uvicorn.Server(uvicorn.Config(edge, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    site.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join(10)
