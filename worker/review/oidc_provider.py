"""The OpenID Connect provider: where it sends people, and whom its word names (authorization code flow with PKCE)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from worker.domain.sign_in import Oidc

#: Signatures by keys that only the provider has; `none` and those by the client's secret are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Seconds to wait for the provider; to believe what it said of itself; that its clock may differ from ours.
PATIENCE, BELIEVED, DRIFT = 10.0, 3_600.0, 60
#: Of an answer of the provider: its keys are the longest.
MOST_BYTES = 1_000_000


class OidcError(Exception):
    """The provider is away, or what it said cannot be believed. Says nothing that was in its answers."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What belongs to one attempt to sign in, and must be the same when the browser comes back."""

    state: str
    nonce: str
    verifier: str
    back: str
    """The address that the provider sends the browser back to."""


class Provider:
    """One provider, found by its issuer (OpenID Connect Discovery), and the client that this site is there."""

    def __init__(self, oidc: Oidc, clock: Callable[[], float] = time.time) -> None:
        self._oidc = oidc
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, str]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, attempt: Attempt) -> str:
        """Where the browser goes. Raises OidcError."""
        query = {
            "response_type": "code",
            "client_id": self._oidc.client_id,
            "redirect_uri": attempt.back,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        place = self._place("authorization_endpoint")
        return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"

    def subject(self, attempt: Attempt, code: str) -> str:
        """Whom the code names, by the provider's signed word. Raises OidcError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.back,
            "code_verifier": attempt.verifier,
        }
        token = self._tokens(form).get("id_token")
        if not isinstance(token, str):
            raise OidcError("no ID token")
        return self._believe(token, attempt.nonce)

    def _tokens(self, form: dict[str, str]) -> dict[str, object]:
        secret = (self._oidc.client_id, self._oidc.client_secret)
        return _json(lambda client: client.post(self._place("token_endpoint"), data=form, auth=secret))

    def _believe(self, token: str, nonce: str) -> str:
        """Check signature, issuer, audience, time and nonce."""
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=DRIFT,
            iss={"essential": True, "value": self._oidc.issuer},
            aud={"essential": True, "value": self._oidc.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        )
        try:
            claims = self._decode(token).claims
            rules.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise OidcError(f"the ID token is not valid: {type(error).__name__}") from error
        if claims.get("azp", self._oidc.client_id) != self._oidc.client_id:
            raise OidcError("the ID token is for another client")
        return str(claims["sub"])

    def _decode(self, token: str) -> jwt.Token:
        """With the keys that are known; with new ones where the signature is by none of these."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._key_set(is_new=True), algorithms=ALGORITHMS)

    def _key_set(self, *, is_new: bool = False) -> KeySet:
        with self._lock:
            if self._keys is None or is_new or self._clock() - self._keys[0] > BELIEVED:
                address = self._discovered()["jwks_uri"]
                found = KeySet.import_key_set(_json(lambda client: client.get(address)))  # type: ignore[arg-type]  # checked there
                self._keys = self._clock(), found
            return self._keys[1]

    def _place(self, name: str) -> str:
        with self._lock:
            return self._discovered()[name]

    def _discovered(self) -> dict[str, str]:
        if self._known is None or self._clock() - self._known[0] > BELIEVED:
            address = f"{self._oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _json(lambda client: client.get(address))
            if found.get("issuer") != self._oidc.issuer:
                raise OidcError("the provider calls itself otherwise than PIGEONHOLE_OIDC_ISSUER")
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if not all(str(found.get(name, "")).startswith(("https://", "http://")) for name in names):
                raise OidcError("the provider does not tell its endpoints")
            self._known = self._clock(), {name: str(found[name]) for name in names}
        return self._known[1]


def _json(ask: Callable[[httpx.Client], httpx.Response]) -> dict[str, object]:
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
            answer = ask(client)
        if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
            raise OidcError(f"the provider answered {answer.status_code}")
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise OidcError(f"the provider does not answer: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise OidcError("the provider answered something else")
    return found
