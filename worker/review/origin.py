"""Where a request was made: on a page of ours, or on somebody else's."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from worker.review.rules import sign_in_of


def is_own(request: Request) -> bool:
    """A page of this site made the request. Browsers say so with everything but GET; what says nothing is not ours.

    Without a public address the scheme is not compared: TLS ends at the proxy, which we do not see.
    """
    fetch_site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    if origin is None:
        return fetch_site is not None
    public_url = sign_in_of(request).public_url
    if public_url:
        return origin == _origin(public_url)
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and host == request.headers.get("Host", "")


def is_private(request: Request) -> bool:
    """Nobody listens on the way: it is encrypted, as far as we can tell, or does not leave this machine."""
    seen = request.headers.get("Origin") or sign_in_of(request).public_url
    return not seen.startswith("http://") or is_loopback(request)


def is_secure(request: Request) -> bool:
    """Cookies are for TLS alone: everywhere but in plain HTTP to this very machine."""
    public_url = sign_in_of(request).public_url
    return public_url.startswith("https://") or request.url.scheme == "https" or not is_loopback(request)


def is_loopback(request: Request) -> bool:
    """The browser runs on this machine, as the name it calls us by says."""
    host = request.url.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(request: Request) -> str:
    """The address that the request came from; a proxy's, where there is one."""
    return request.client.host if request.client else ""


def site_url(request: Request) -> str:
    """How browsers reach this site. Without a public address, TLS is assumed but on this very machine."""
    scheme = "http" if is_loopback(request) and request.url.scheme == "http" else "https"
    return sign_in_of(request).public_url or f"{scheme}://{request.url.netloc}"


def local_path(text: str) -> str:
    """A path of this site to go on to; empty where it would lead elsewhere."""
    parts = urlsplit(text)
    is_plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    if not is_plain or parts.scheme or parts.netloc or not text.startswith("/") or text.startswith("//"):
        return ""
    return "" if parts.path.startswith(("/login", "/logout", "/session")) else text


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
