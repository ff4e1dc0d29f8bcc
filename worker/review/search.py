"""Searching the registry while typing, for the case."""

import threading
from typing import Annotated, cast

from fastapi import APIRouter, Query
from starlette.requests import Request

from worker.db import audit_log
from worker.db.request_search import MOST, find_requests
from worker.pipeline.site import Site
from worker.review.case_json import Json, request_json
from worker.review.search_log import SearchLog
from worker.review.who import AtSite, Reading

router = APIRouter()
_making = threading.Lock()

Limit = Annotated[int, Query(ge=1, le=MOST)]


@router.get("/search/requests")
def search_requests(
    http: Request, site: AtSite, signed: Reading, q: str = "", limit: Limit = 10, final: bool = False
) -> Json:
    """The requests that `q` may mean, each with why it was found. `final`: the person has chosen one of them."""
    hits = find_requests(site.shelf.engine, q, limit)
    if q.strip():
        shown = [hit.request.request_id for hit in hits]
        _log_of(http, site).note(signed, q.strip(), shown, is_final=final)
    return {"requests": [{**request_json(hit.request), "why": hit.why} for hit in hits]}


def _log_of(http: Request, site: Site) -> SearchLog:
    """One for the application, made when it is first needed."""
    with _making:
        if not hasattr(http.app.state, "searches"):
            http.app.state.searches = SearchLog(lambda entry: audit_log.append(site.shelf.engine, entry))
    return cast(SearchLog, http.app.state.searches)
