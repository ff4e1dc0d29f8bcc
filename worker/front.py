"""The front door of a served site: what is for programs goes to the API, all else to the review site for people."""

from starlette.types import ASGIApp, Receive, Scope, Send

#: The paths of the API; the rest is for people.
API_PATHS = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json")


class Front:
    """One application of two."""

    def __init__(self, api: ASGIApp, review: ASGIApp) -> None:
        self._api = api
        self._review = review

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        is_api = scope["type"] == "http" and str(scope["path"]).startswith(API_PATHS)
        await (self._api if is_api else self._review)(scope, receive, send)
