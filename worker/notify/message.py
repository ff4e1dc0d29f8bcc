"""An event as bytes, and the signature by which a receiver knows that it came from us (pure)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

#: What a receiver must refuse: a signature older than this many seconds could be a replay.
SIGNATURE_LIFE = 300


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. `id` grows and is told again when a delivery is repeated: receivers drop what they have seen."""

    id: int
    kind: str
    created_at: datetime
    payload: Mapping[str, object]

    @property
    def body(self) -> bytes:
        """One line of JSON, ASCII only, the same for the same event."""
        data = {"id": self.id, "kind": self.kind, "created_at": self.created_at.isoformat(), "data": dict(self.payload)}
        return json.dumps(data, separators=(",", ":"), sort_keys=True).encode("ascii")


def signature(secret: bytes, body: bytes, timestamp: int) -> str:
    """The value of the header Pigeonhole-Signature: `t=<Unix seconds>,v1=<HMAC-SHA256 of "t.body" in hex>`."""
    digest = hmac.new(secret, f"{timestamp}.".encode("ascii") + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def is_genuine(secret: bytes, body: bytes, header: str, now: float) -> bool:
    """What a receiver checks; ours in the tests."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if not parts.get("t", "").isdecimal() or abs(now - int(parts["t"])) > SIGNATURE_LIFE:
        return False
    return hmac.compare_digest(signature(secret, body, int(parts["t"])).encode(), header.encode())
