"""`pigeonhole serve`: the HTTP API, and the review site for people."""

import contextlib
import errno
import socket
import threading
from types import FrameType
from typing import Annotated

import structlog
import typer
import uvicorn
from starlette.types import ASGIApp

from worker.api.app import make_app
from worker.cli.options import Home
from worker.errors import InUseError
from worker.front import Front
from worker.review.app import make_review
from worker.settings import settings
from worker.wiring import open_site, sign_in

_log = structlog.get_logger()
#: Connections at once, beyond which the answer is 503: each may hold a file open.
MOST_CONNECTIONS = 500


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 for any that is free.")] = 8080,
    grace: Annotated[int, typer.Option(min=0, help="Seconds to finish what is in hand when told to stop.")] = 30,
    home: Home = None,
) -> None:
    """Serve the review site for people, and the HTTP API. It needs the database, not Redis or workers.

    It speaks plain HTTP: put a proxy with TLS before it. People come from `pigeonhole users add`, the API's keys from
    `pigeonhole keys add`. /metrics, /healthz and /readyz need neither: keep them from strangers in the proxy.

    Example: pigeonhole serve --host 0.0.0.0 --port 8080
    """
    _check_free(host, port)
    site = open_site(home)
    api = make_app(site, rate_per_minute=settings().rate_per_minute)
    stopping = threading.Event()
    app = Front(api, make_review(site, sign_in(), stopping))
    _log.info("serving", host=host, port=port)
    # uvicorn finishes what is in hand and then lets the signal through: being told to stop is not a failure.
    with contextlib.suppress(KeyboardInterrupt):
        Server(uvicorn_config(app, host, port, grace, settings().proxies), stopping).run()
    site.shelf.engine.dispose()


def _check_free(host: str, port: int) -> None:
    """Somebody else may listen there, and people would sign in at another site. Raises InUseError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise InUseError(f"port {port} of {host} is taken by another program: give another with --port") from error


class Server(uvicorn.Server):
    """A server that says so when it is told to stop: answers without an end would hold it up."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See uvicorn."""
        self._stopping.set()
        super().handle_exit(sig, frame)


def uvicorn_config(app: ASGIApp, host: str, port: int, grace: int, proxies: str = "") -> uvicorn.Config:
    """How the server runs: it writes no query strings, believes these proxies alone and says nothing of itself."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,  # it would write query strings; the application logs routes
        log_config=None,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=grace,
        ws="none",
        lifespan="off",
    )
