"""An entry of the audit log: who did or saw what."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """`action` is a word such as `sign_in`, `view_item`, `search`, `download`, `decide`; `detail` holds more, as JSON.

    `by_name` is empty where nobody is signed in. Written into the database only, never into logs.
    """

    by_name: str
    address: str
    action: str
    sha256: str | None = None
    page: int | None = None
    request_id: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
