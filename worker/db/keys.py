"""Keys of the HTTP API: one for each station or program, known by the hash of a random number."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from worker.db.engine import insert_if_missing, reading
from worker.db.tables import API_KEYS

#: Random bytes of a key: 256 bits cannot be guessed, so a plain hash protects what is stored.
KEY_BYTES = 32
#: How keys begin, so that a secret scanner knows one that leaked.
PREFIX = "pgh_"


class Scope(StrEnum):
    """What a key may do."""

    UPLOAD = "upload"
    """Send documents in."""
    READ = "read"
    """Ask what became of documents and requests."""
    REGISTRY = "registry"
    """Change the registry of requests."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who is asking. No `lines` means any line; a key with `revoked_at` opens nothing."""

    name: str
    scopes: frozenset[Scope]
    lines: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None

    def may(self, scope: Scope) -> bool:
        """This was allowed when the key was made."""
        return scope in self.scopes

    def may_use(self, line: str) -> bool:
        """The key is for this line, or for any."""
        return not self.lines or line in self.lines


def add(engine: sa.Engine, name: str, scopes: Collection[Scope], lines: Collection[str] = ()) -> str | None:
    """A new key, which is stored nowhere and can be shown only now; None when the name was used before."""
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    values = {
        "name": name,
        "key_sha256": _digest(key),
        "scopes": " ".join(sorted(scopes)),
        "lines": " ".join(sorted(lines)),
        "created_at": datetime.now(UTC),
    }
    with engine.begin() as connection:
        is_new = insert_if_missing(connection, API_KEYS, values)
    return key if is_new else None


def find(engine: sa.Engine, key: str) -> ApiKey | None:
    """Whose key this is; None where it is nobody's, or revoked."""
    wanted = _digest(key)
    query = sa.select(API_KEYS).where(API_KEYS.c.key_sha256 == wanted, API_KEYS.c.revoked_at.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    # The index was asked with a hash, whose timing helps nobody; what decides is compared in constant time.
    if row is None or not hmac.compare_digest(row.key_sha256, wanted):
        return None
    return _key(row)


def load_all(engine: sa.Engine) -> tuple[ApiKey, ...]:
    """Every key that was ever made, by name."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(API_KEYS).order_by(API_KEYS.c.name))
        return tuple(_key(row) for row in rows)


def revoke(engine: sa.Engine, name: str) -> bool:
    """The key opens nothing from now on; False when no valid key has this name."""
    query = sa.update(API_KEYS).where(API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None))
    with engine.begin() as connection:
        return connection.execute(query.values(revoked_at=datetime.now(UTC))).rowcount == 1


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: sa.Row[tuple[object, ...]]) -> ApiKey:
    values = row._mapping  # Row's documented access by name
    return ApiKey(
        name=values["name"],
        scopes=frozenset(Scope(scope) for scope in values["scopes"].split()),
        lines=frozenset(values["lines"].split()),
        created_at=values["created_at"],
        revoked_at=values["revoked_at"],
    )
