"""Pages as HTML: the templates, what all of them can use, and the shape that errors take."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from worker.review.assets import Assets
from worker.review.rules import site_of

STATIC = Path(__file__).parent / "static"
TEMPLATES = Environment(
    loader=PackageLoader("worker.review"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def american(day: date) -> str:
    """A date as reviewers write it: 03/04/1957."""
    return day.strftime("%m/%d/%Y")


TEMPLATES.filters["american"] = american
ASSETS = Assets(STATIC)
TEMPLATES.globals["assets"] = f"/static/{ASSETS.version}"


def render(
    request: Request, template: str, context: Mapping[str, object] | None = None, status: int = 200
) -> HTMLResponse:
    """A page. Templates see `signed` (None before sign-in) and `here` (the path) beside the context.

    `local(moment)` shows a moment by the payer's clock.
    """
    zone = site_of(request).zone

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%m/%d/%Y %H:%M")

    shown = {
        "signed": getattr(request.state, "signed", None),
        "here": request.url.path,
        "local": local,
        **(context or {}),
    }
    return HTMLResponse(TEMPLATES.get_template(template).render(shown), status)
