"""Documents through all four doors at once: the hot folder, the fax hook, the API and the mailbox."""

import hashlib
import imaplib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import sqlalchemy as sa

from bench.faults_attack import Servers
from bench.faults_compare import judge, load_decisions
from bench.faults_kinds import served
from bench.faults_room import Room
from bench.service_slips import Slip, draw_slips
from tests.servers.imap_server import ImapServer
from tests.servers.program import free_port
from worker.db.engine import reading
from worker.db.tables import ARRIVALS, EVENTS

LINES = ("routine", "expedited")
#: Seconds that a file in the hot folder has to stand still, and between two looks of the doors that look.
STILL, EVERY = "1", "1"
DOORS = ("folder", "fax", "api", "mail")


@dataclass(slots=True)
class Doors:
    """What came of it. `waits` has for each line the seconds from being offered at a door to being filed."""

    documents: int
    seconds: float = 0.0
    waits: dict[str, list[float]] = field(default_factory=dict)
    arrivals: Counter[str] = field(default_factory=Counter)
    problems: tuple[str, ...] = ()


def through_all_doors(folder: Path, count: int, seed: int, limit_s: float) -> Doors:
    """So many slips, dealt out to the doors, all offered as fast as each door takes them."""
    slips, requests = draw_slips(folder / "slips", count, seed)
    result = Doors(count)
    with Servers() as servers, ImapServer() as imap:
        settings = {
            **served(servers, folder),
            "PIGEONHOLE_MAIL_PASSWORD": imap.password,
            "PIGEONHOLE_RATE_PER_MINUTE": "1000000",
        }
        with Room(folder, settings, limit_s) as room:
            room.must("requests", "import", requests)
            offer = _open_doors(room, imap)
            began = time.monotonic()
            offered = _offer_all(slips, offer)
            room.wait_until_finished(count)
            result.seconds = time.monotonic() - began
            room.end_all()
            _account(room, slips, offered, result)
    return result


Offer = Callable[[Slip], None]


def _open_doors(room: Room, imap: ImapServer) -> dict[str, Offer]:
    port = free_port()
    key = room.run("keys", "add", "bench", "--scope", "upload").stdout.decode().split()[-1]
    room.start("serve", "serve", "--port", str(port))
    for line in LINES:
        (room.folder / "drop" / line).mkdir(parents=True)
        watched = room.folder / "drop" / line
        room.start(f"watch-{line}", "watch", watched, "--line", line, "--still", STILL, "--every", EVERY)
        _append(imap, line)
        mailbox = ("--host", f"{imap.host}:{imap.port}", "--user", line, "--plain")
        room.start(f"mail-{line}", "fetch-mail", *mailbox, "--line", line, "--every", EVERY)
    room.start("sweep", "sweep", "--every", EVERY)
    room.start("workers", "worker", "--processes", "2", "--threads", "1")
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {key}"}, timeout=60.0)
    room.wait(lambda: _is_up(client), "the API to answer")
    return {
        "folder": lambda slip: _scan(room.folder / "drop", slip),
        "fax": lambda slip: _fax(room, slip),
        "api": lambda slip: _upload(client, slip),
        "mail": lambda slip: _append(imap, slip.line, slip),
    }


def _offer_all(slips: Sequence[Slip], offer: dict[str, Offer]) -> dict[str, datetime]:
    """Each door has a thread of its own that offers one slip after the other; file name -> when it was offered."""
    offered: dict[str, datetime] = {}
    failures: list[BaseException] = []

    def feed(door: str, portion: Sequence[Slip]) -> None:
        try:
            for slip in portion:
                offered[slip.path.name] = datetime.now(UTC)
                offer[door](slip)
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            failures.append(error)

    threads = [
        threading.Thread(target=feed, args=(door, slips[index :: len(DOORS)])) for index, door in enumerate(DOORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return offered


def _scan(drop: Path, slip: Slip) -> None:
    """As a station writes: under a hidden name first."""
    hidden = drop / slip.line / f".{slip.path.name}"
    hidden.write_bytes(slip.path.read_bytes())
    hidden.rename(drop / slip.line / slip.path.name)


def _fax(room: Room, slip: Slip) -> None:
    arguments = ("--inbox", room.home / "inbox", "--line", slip.line, slip.path, "ttyS0", slip.path.stem, "")
    room.must("faxrcvd", *arguments)


def _upload(client: httpx.Client, slip: Slip) -> None:
    headers = {"Content-Type": "image/tiff", "Idempotency-Key": slip.path.name}
    query = {"filename": slip.path.name, "line": slip.line}
    client.post("/v1/documents", params=query, headers=headers, content=slip.path.read_bytes()).raise_for_status()


def _append(imap: ImapServer, mailbox: str, slip: Slip | None = None) -> None:
    """A mail of a gateway in that mailbox; without a slip the mailbox is only made."""
    with imaplib.IMAP4(imap.host, imap.port) as connection:
        connection.login(mailbox, imap.password)
        if slip is not None:
            mail = EmailMessage()
            mail["Subject"], mail["From"], mail["Message-ID"] = (
                "Fax",
                "gateway@example.org",
                f"<{slip.path.stem}@bench>",
            )
            mail.set_content("A fax of 1 page.")
            mail.add_attachment(slip.path.read_bytes(), maintype="image", subtype="tiff", filename=slip.path.name)
            connection.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail.as_bytes())


def _is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx.HTTPError:
        return False


def _account(room: Room, slips: Sequence[Slip], offered: dict[str, datetime], result: Doors) -> None:
    """Every slip has an arrival, is filed once, and was waited for so long."""
    decisions = load_decisions(room)
    problems = list(judge(room, decisions).problems)
    not_filed = [source for (source, _), rows in decisions.items() if rows[0][0] != "filed"]
    problems += [f"{source} was not filed" for source in not_filed]
    if len(decisions) != len(slips):
        problems.append(f"{len(slips)} slips were offered, {len(decisions)} pages have an outcome")
    known = {hashlib.sha256(slip.path.read_bytes()).hexdigest(): slip for slip in slips}
    named = (ARRIVALS.c.sha256, ARRIVALS.c.channel, ARRIVALS.c.line)
    query = (
        sa.select(*named, sa.func.min(EVENTS.c.created_at).label("at"))
        .join(EVENTS, EVENTS.c.sha256 == ARRIVALS.c.sha256)
        .group_by(*named)
    )
    with reading(room.engine) as connection:
        for sha256, channel, line, filed_at in connection.execute(query):
            slip = known.pop(sha256)
            result.arrivals[channel] += 1
            result.waits.setdefault(line, []).append((filed_at - offered[slip.path.name]).total_seconds())
            if slip.line != line:
                problems.append(f"{slip.path.name} came on the line {line}")
    problems += [f"{slip.path.name} has no arrival that was filed" for slip in known.values()]
    result.problems = tuple(problems)
