"""The list of commands: what each is called and is for, and where it stands. It is loaded when it is asked for."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any  # a command has whatever options it has

DOORS, SERVICE, LOOK = "Doors for paper", "The service", "Looking"


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or with `is_group` several under one name. `place` is its module in worker.cli and its name there.

    `line` stands in the list of commands. A test holds it to what the command says of itself.
    """

    name: str
    place: str
    line: str
    panel: str | None = None
    is_group: bool = False
    takes_any_option: bool = False

    def load(self) -> Any:
        """The command's function, or the group's application."""
        module, _, name = self.place.partition(":")
        return getattr(import_module(f"worker.cli.{module}"), name)


#: In the order in which they are listed.
COMMANDS = (
    Command(
        "process",
        "process:process",
        "File every page of SCAN against the request it answers; what is not sure goes to OUT/review.",
    ),
    Command(
        "requests", "requests:requests_app", "The registry of requests that pages are matched against.", is_group=True
    ),
    Command(
        "up",
        "up:up",
        "Run everything: hot folders, review site, API, workers and sweep, restarted when they die.",
        SERVICE,
    ),
    Command(
        "worker",
        "worker:worker",
        "Work on what the doors took in: read, match, file, notify. Run as many as you like, on as many machines.",
        SERVICE,
    ),
    Command(
        "sweep",
        "sweep:sweep_command",
        "Ring again for what is due, take in what hooks dropped into the inbox, "
        "decide again what the registry changed.",
        SERVICE,
    ),
    Command(
        "retry",
        "retry:retry",
        "Try parked documents again: those on which Pigeonhole failed three times, and that wait for a person.",
        SERVICE,
    ),
    Command(
        "serve",
        "serve:serve",
        "Serve the review site for people, and the HTTP API. It needs the database, not Redis or workers.",
        SERVICE,
    ),
    Command("keys", "keys:keys_app", "Keys of the HTTP API, one for each station.", SERVICE, is_group=True),
    Command("users", "users:users_app", "People of the review site, and their rights.", SERVICE, is_group=True),
    Command("db", "db:db_app", "The database's tables.", SERVICE, is_group=True),
    Command(
        "watch",
        "watch:watch",
        "Take in what scanning stations put into DIR; docs/hotfolder.md says how to set one up.",
        DOORS,
    ),
    Command(
        "faxrcvd",
        "faxrcvd:faxrcvd",
        "Put a received fax into the inbox: HylaFAX's FaxRcvdCmd. Options stand before the fax server's arguments.",
        DOORS,
        takes_any_option=True,
    ),
    Command(
        "faxsweep",
        "faxsweep:faxsweep",
        "Take in the faxes in SPOOL/recvq that the hook lost, and report every received call that has no document.",
        DOORS,
    ),
    Command(
        "fetch-mail",
        "fetch_mail:fetch_mail",
        "Take in faxes from the inbox of a fax-to-email gateway; docs/mail.md says how to set one up.",
        DOORS,
    ),
    Command(
        "explain",
        "explain:explain",
        "Show what was read on a page, which requests it could belong to, and the reasons for and against.",
        LOOK,
    ),
    Command("status", "status:status", "Show what waits, on which line and at which step, and since when.", LOOK),
    Command(
        "tables",
        "tables:tables",
        "Write pages.csv and documents.csv beside what was filed: where every page went that has an outcome, and why.",
        LOOK,
    ),
    Command("learn", "learn:learn_app", "Learn from what people decided.", LOOK, is_group=True),
    Command("audit", "audit:audit_app", "Proof that nothing was lost or changed.", LOOK, is_group=True),
)
