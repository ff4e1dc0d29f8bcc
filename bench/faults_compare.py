"""What a run is judged by: lost, doubled, and decisions that differ from the undisturbed run."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bench.faults_room import Room
from worker.db.engine import reading
from worker.db.tables import EVENTS

#: What the reason says of a page that nobody could work on.
GIVEN_UP = "Pigeonhole failed on this"
#: Source and page of a page.
Place = tuple[str, str]
#: What is compared of a page's row: outcome, request, document type.
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problems` are sentences, each counted in one of the three numbers; ids only."""

    lost: int
    doubled: int
    differ: int
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing twice, the same decisions."""
        return not (self.lost or self.doubled or self.differ)


def load_decisions(room: Room) -> dict[Place, list[Row]]:
    """The rows of pages.csv of a room, written anew."""
    room.must("tables")
    decisions: dict[Place, list[Row]] = {}
    for row in _table(room, "pages.csv"):
        place = row["source"], row["page"]
        decisions.setdefault(place, []).append((row["outcome"], row["request_id"], row["document_type"]))
    return decisions


def failures(room: Room) -> list[str]:
    """Pages that were given up: an undisturbed run has none."""
    return [f"{row['source']}: {row['reason']}" for row in _table(room, "pages.csv") if GIVEN_UP in row["reason"]]


def judge(room: Room, reference: Mapping[Place, list[Row]], poisoned: Collection[str] = ()) -> Verdict:
    """Compares a finished room with the reference.

    The pages of `poisoned` sources may be in review instead, or their document may be left to a person as a whole.
    """
    decisions = load_decisions(room)
    lost = [*_missing(room, reference, decisions, poisoned), *_audit(room), *_untold(room)]
    doubled = [*_rows_twice(reference, decisions), *_pages_twice(room), *_told_twice(room)]
    differ = list(_other_decisions(reference, decisions, poisoned))
    return Verdict(len(lost), len(doubled), len(differ), (*lost, *doubled, *differ))


def _missing(
    room: Room, reference: Mapping[Place, list[Row]], decisions: Mapping[Place, list[Row]], poisoned: Collection[str]
) -> Iterator[str]:
    ended = {row["source"] for row in _table(room, "documents.csv")}
    for source, page in reference:
        is_left_whole = source in poisoned and source in ended
        if (source, page) not in decisions and not is_left_whole:
            yield f"{source} page {page} is lost"


def _audit(room: Room) -> Iterator[str]:
    done = room.run("audit", "pages", "--json")
    if done.returncode:
        yield f"audit pages ended with {done.returncode}: {done.stdout.decode()[-300:]} {done.stderr.decode()[-300:]}"


def _untold(room: Room) -> Iterator[str]:
    """Events that nobody took, and those that the file of events lacks."""
    told = {entry["id"] for entry in _told(room)}
    with reading(room.engine) as connection:
        for number, delivered_at in connection.execute(sa.select(EVENTS.c.id, EVENTS.c.delivered_at)):
            if delivered_at is None or str(number) not in told:
                yield f"event {number} was not delivered"


def _rows_twice(reference: Mapping[Place, list[Row]], decisions: Mapping[Place, list[Row]]) -> Iterator[str]:
    for (source, page), rows in decisions.items():
        if len(rows) > len(reference.get((source, page), ())):
            yield f"{source} page {page} came more often than it was sent"


def _pages_twice(room: Room) -> Iterator[str]:
    """Each filed page stands once in the manifests, and nothing else does."""
    filed = {
        (row["request_id"], row["sha256"], int(row["page"]))
        for row in _table(room, "pages.csv")
        if row["outcome"] == "filed"
    }
    standing = Counter(_manifest_pages(room))
    for (request_id, sha256, page), times in standing.items():
        if times > 1 or (request_id, sha256, page) not in filed:
            yield f"page {page} of {sha256[:16]} stands {times} times with {request_id}"
    for request_id, sha256, page in filed - set(standing):
        yield f"page {page} of {sha256[:16]} does not stand with {request_id}"


def _manifest_pages(room: Room) -> Iterator[tuple[str, str, int]]:
    for key in room.store.keys("requests"):
        if key.endswith("/manifest.json"):
            manifest = json.loads(room.store.read(key) or b"{}")
            for document in manifest["documents"]:
                for page in document["pages"]:
                    yield manifest["request_id"], document["sha256"], page["page"]


def _told_twice(room: Room) -> Iterator[str]:
    """Two events of one document and request that say the same; and a request's events out of order."""
    with reading(room.engine) as connection:
        query = sa.select(EVENTS.c.request_id, EVENTS.c.sha256, EVENTS.c.kind, EVENTS.c.payload)
        told = Counter((row.request_id, row.sha256, row.kind, row.payload) for row in connection.execute(query))
    for (request_id, sha256, _, _), times in told.items():
        if times > 1:
            yield f"{request_id} was told {times} times of {sha256[:16]}"
    latest: dict[str, int] = {}
    for entry in _told(room):
        if int(entry["id"]) < latest.get(entry["request_id"], 0):
            yield f"event {entry['id']} came out of order"
        latest[entry["request_id"]] = int(entry["id"])


def _told(room: Room) -> list[dict[str, str]]:
    """What the file of events says, in its order."""
    file = room.home / "events.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [_flat(json.loads(line)) for line in lines if _is_whole(line)]


def _is_whole(line: str) -> bool:
    """A crash may leave half a line; its event is told again."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _flat(entry: Mapping[str, object]) -> dict[str, str]:
    inner = entry.get("data")
    merged = {**entry, **(inner if isinstance(inner, dict) else {})}
    return {"id": str(merged["id"]), "request_id": str(merged["request_id"])}


def _other_decisions(
    reference: Mapping[Place, list[Row]], decisions: Mapping[Place, list[Row]], poisoned: Collection[str]
) -> Iterator[str]:
    for (source, page), rows in reference.items():
        now = decisions.get((source, page))
        if now is None or sorted(now) == sorted(rows):
            continue
        if source in poisoned and all(outcome == "review" for outcome, _, _ in now):
            continue
        yield f"{source} page {page}: {now} instead of {rows}"


def _table(room: Room, name: str) -> list[dict[str, str]]:
    text = (room.store.read(name) or b"").decode("utf-8")
    return list(csv.DictReader(text.splitlines()))
