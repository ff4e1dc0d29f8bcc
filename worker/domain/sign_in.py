"""How people sign in to the review site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Oidc:
    """The OpenID Connect provider, and what it knows this site as."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """`public_url` is the address browsers use, as scheme://host[:port]; empty: whatever they say in Host.

    Sessions end after `idle_minutes` without a sign of life, and `session_hours` after they began.
    """

    public_url: str = ""
    idle_minutes: float = 15.0
    session_hours: float = 12.0
    oidc: Oidc | None = None
