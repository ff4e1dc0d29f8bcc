"""The review site, put together. Nothing here is for one page alone."""

import threading

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from worker.domain.sign_in import SignIn
from worker.edge import Edge
from worker.errors import CannotWriteError, UnreachableError
from worker.pipeline.site import Site
from worker.review import (
    dashboard,
    document_story,
    documents,
    images,
    item,
    item_actions,
    opening,
    requests,
    search,
    senders,
    uploads,
)
from worker.review import inbox as inbox_page
from worker.review.drawing import Drawing
from worker.review.gate import put_gate
from worker.review.refusals import RefusedError, refuse
from worker.review.render import ASSETS

#: Scripts, styles and pictures come from here alone, and nothing is written into a page that runs.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
#: FastAPI's own would send what errors say to whatever exporter is configured.
SILENT = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)

#: What the site shows, one module for each.
LISTS = (inbox_page, documents, uploads, document_story, requests)
PAGES = (*LISTS, item, item_actions, images, opening, dashboard, senders, search)


def make_review(site: Site, sign_in: SignIn, stopping: threading.Event | None = None) -> ASGIApp:
    """The site for people, ready for a server, which says with `stopping` that endless answers must end."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=SILENT)
    app.state.site = site
    app.state.sign_in = sign_in
    app.state.stopping = stopping or threading.Event()
    app.state.drawing = Drawing(site.shelf)
    put_gate(app, site, sign_in)
    app.mount("/static", ASSETS, name="static")
    for page in PAGES:
        app.include_router(page.router)
    _handle_errors(app)
    return Edge(app, _failed, HEADERS)


def _failed() -> Response:
    return PlainTextResponse("Pigeonhole failed in itself. Nothing was changed: try again, and report it.", 500)


def _handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (UnreachableError, sa.exc.OperationalError, sa.exc.TimeoutError):
        app.add_exception_handler(kind, _away)
    app.add_exception_handler(CannotWriteError, _full)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return refuse(request, error.status, error.kind, str(error))


async def _invalid(request: Request, _error: Exception) -> Response:
    return refuse(request, 422, "invalid", "What was sent does not fit: load the page again.")


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    why = "There is no such page." if status == 404 else "This cannot be done here."
    return refuse(request, status, "not-found" if status == 404 else "refused", why)


async def _away(request: Request, _error: Exception) -> Response:
    why = "The database or the store does not answer. Nothing was changed: try again in a moment."
    return refuse(request, 503, "unreachable", why)


async def _full(request: Request, _error: Exception) -> Response:
    return refuse(request, 507, "cannot-write", "The disk is full. Nothing was changed: tell an administrator.")
