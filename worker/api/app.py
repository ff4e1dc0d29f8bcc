"""The application, put together. Nothing here is for one noun alone."""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from worker.api import documents, health, requests, uploads
from worker.api.openapi import describe
from worker.api.problems import failed_inside, handle_problems
from worker.buckets import Buckets
from worker.edge import Edge
from worker.pipeline.site import Site

#: Requests a minute with one key, unless settings say otherwise.
RATE_PER_MINUTE = 600
#: FastAPI's own would send what errors say, which may be health information, to whatever exporter is configured.
SILENT = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)


def make_app(site: Site, *, rate_per_minute: int = RATE_PER_MINUTE) -> ASGIApp:
    """The API of this site, ready for a server."""
    return Edge(make_api(site, rate_per_minute=rate_per_minute), failed_inside)


def make_api(site: Site, *, rate_per_minute: int = RATE_PER_MINUTE) -> FastAPI:
    """The API without its outermost layer: what knows its own OpenAPI document."""
    api = FastAPI(
        title="Pigeonhole",
        version=version("pigeonhole"),
        description="The mailroom's door for documents, and answers about what came. Errors are problems (RFC 9457).",
        docs_url=None,  # FastAPI's page loads its scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry=SILENT,
    )
    api.state.site = site
    api.state.buckets = Buckets(rate_per_minute)
    for router in (uploads.router, documents.router, requests.imports, requests.router, health.router):
        api.include_router(router)
    handle_problems(api)
    api.openapi = lambda: describe(api)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return api
