"""Items that wait, written straight into the tables: what the inbox shows depends on nothing else."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from worker.db.review_tables import REVIEW_ITEMS
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.review import ItemKind, ItemState

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item and its document; `due` and `age` are hours from now, to come and gone."""

    source: str
    due: float = 100.0
    age: float = 1.0
    kind: ItemKind = ItemKind.EXCEPTION
    state: ItemState = ItemState.WAITING
    ground: str = "unsure"
    line: str = "routine"
    channel: str = "fax"
    pages: Sequence[int] = (1,)
    page_count: int = 3
    risk: float = 0.0
    not_by: str = ""
    held_by: str = ""
    held: float = 1.0


def sha_of(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def put_waiting(engine: sa.Engine, *items: Waiting) -> dict[str, int]:
    """Put them there; source -> the item's number."""
    ids = {}
    with engine.begin() as connection:
        for item in items:
            order = connection.execute(sa.select(sa.func.count()).select_from(ARRIVALS)).scalar_one() + 1
            connection.execute(sa.insert(DOCUMENTS).values(_document(item, order)))
            connection.execute(sa.insert(ARRIVALS).values(_arrival(item, order)))
            inserted = sa.insert(REVIEW_ITEMS).values(_item(item)).returning(REVIEW_ITEMS.c.id)
            ids[item.source] = connection.execute(inserted).scalar_one()
    return ids


def _document(item: Waiting, order: int) -> dict[str, object]:
    return {
        "sha256": sha_of(item.source),
        "size": 1,
        "stage": "filed",
        "kind": "tiff",
        "pages": item.page_count,
        "line": item.line,
        "position": order,
    }


def _arrival(item: Waiting, order: int) -> dict[str, object]:
    return {
        "order": order,
        "source": item.source,
        "sha256": sha_of(item.source),
        "path": item.source.encode(),
        "received_at": NOW - timedelta(hours=item.age),
        "is_duplicate": False,
        "receipt": f"R{order:015d}",
        "channel": item.channel,
        "line": item.line,
        "sender": "9375550142",
    }


def _item(item: Waiting) -> dict[str, object]:
    due_at = NOW + timedelta(hours=item.due)
    return {
        "kind": item.kind.value,
        "state": item.state.value,
        "sha256": sha_of(item.source),
        "pages": json.dumps(list(item.pages)),
        "ground": item.ground,
        "reason": "Names Janet Brown.",
        "line": item.line,
        "channel": item.channel,
        "received_at": NOW - timedelta(hours=item.age),
        "due_at": due_at,
        "urgency": int(due_at.timestamp() // 3600),
        "risk": item.risk,
        "unblocks": len(item.pages),
        "not_by": item.not_by,
        "held_by": item.held_by,
        "held_until": NOW + timedelta(hours=item.held) if item.held_by else None,
        "created_at": NOW,
    }
