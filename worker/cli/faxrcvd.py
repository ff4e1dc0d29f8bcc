"""`pigeonhole faxrcvd`: what a fax server calls for every fax it received. Started before anything heavy is imported.

It is called with nothing: stdin, stdout and stderr may be closed, HOME wrong, the environment bare. So it has a log of
its own, which holds ids and file names and nobody's number or name.
"""

import contextlib
import getopt
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from worker.errors import ExitCode, PigeonholeError
from worker.intake.fax_hook import FaxServer, call_of, fax_server, receive, source_of

USAGE = """Usage: pigeonhole faxrcvd [OPTIONS] QFILE DEVICE COMMID ERROR [CALLER-ID...]

Put a received fax into the inbox: HylaFAX's FaxRcvdCmd, with its arguments (docs/hylafax.md).

  --inbox DIR            The service's inbox [/var/lib/pigeonhole/inbox]
  --line NAME            The line of these faxes [routine]
  --line NUMBER=NAME     The line of faxes to this dialled number; may be repeated
  --caller-ids NAMES     What the caller ids are, such as number,name,dialled [number,name,...,dialled]
  --server NAME          Tells several fax servers of one site apart [hylafax]
  --log FILE             Its log [DIR/faxrcvd.log]
  --then PROGRAM         Run this afterwards in its place, with the same arguments

Options stand before QFILE; what comes after is never read as one.
Example: pigeonhole faxrcvd --inbox /var/lib/pigeonhole/inbox recvq/fax000000001.tif ttyS0 000000003 ''
"""
OPTIONS = ("inbox=", "line=", "caller-ids=", "server=", "log=", "then=", "help")
DEFAULT_INBOX = Path("/var/lib/pigeonhole/inbox")
LOG_NAME = "faxrcvd.log"


class Orders(NamedTuple):
    """What the command line says; `arguments` are the fax server's own."""

    inbox: Path
    log: Path
    server: FaxServer
    then: str
    arguments: Sequence[str]


def faxrcvd(arguments: list[str]) -> NoReturn:
    """Put a received fax into the inbox: HylaFAX's FaxRcvdCmd. Options stand before the fax server's arguments.

    Needs neither the database nor Redis, and takes a tenth of a second. `pigeonhole faxrcvd --help` lists the options.

    Example: pigeonhole faxrcvd --inbox /var/lib/pigeonhole/inbox recvq/fax000000001.tif ttyS0 000000003 ''
    """
    sys.exit(run(arguments))


def run(given: Sequence[str]) -> int:
    """Do it, and return the exit status: 0 once the fax is safe. With --then, does not return where that can be run."""
    began = time.monotonic()
    _open_closed_descriptors()
    os.umask(0o077)
    try:
        orders = _orders(given)
    except (getopt.GetoptError, ValueError) as error:
        _say(f"pigeonhole faxrcvd: {error} (see pigeonhole faxrcvd --help)")
        return ExitCode.USAGE
    if orders is None:
        print(USAGE, end="")
        return ExitCode.OK
    code = _receive(orders, began)
    return _go_on(orders, code) if orders.then else code


def _receive(orders: Orders, began: float) -> int:
    try:
        entry = receive(orders.inbox, orders.server, orders.arguments)
    except PigeonholeError as error:
        return _fail(orders, error.exit_code, str(error))
    except Exception as error:  # noqa: BLE001 - the edge of the hook: its own script must still get its turn
        return _fail(orders, ExitCode.FAILED, f"failed in itself ({type(error).__name__}): please report it")
    _log(orders, f"kept as {entry} in {1000 * (time.monotonic() - began):.0f} ms")
    return ExitCode.OK


def _orders(given: Sequence[str]) -> Orders | None:
    """The command line, None where help is wanted. Raises GetoptError and ValueError."""
    pairs, arguments = getopt.getopt(list(given), "h", OPTIONS)  # stops at the first that is no option
    options = dict(pairs)
    if "--help" in options or "-h" in options:
        return None
    if not arguments:
        raise ValueError("QFILE is missing")
    caller_ids = options.get("--caller-ids", "")
    server = fax_server(
        options.get("--server", FaxServer().name),
        [value for name, value in pairs if name == "--line"],
        [name.strip() for name in caller_ids.split(",")] if caller_ids else (),
    )
    inbox = Path(options.get("--inbox", DEFAULT_INBOX))
    return Orders(inbox, Path(options.get("--log", inbox / LOG_NAME)), server, options.get("--then", ""), arguments)


def _fail(orders: Orders, code: int, why: str) -> int:
    _log(orders, f"NOT KEPT: {why}")
    _say(f"pigeonhole faxrcvd: {source_of(orders.arguments[0])}: {why}")
    return code


def _go_on(orders: Orders, code: int) -> int:
    """Hand on to the server's own script, in our place and without a shell between."""
    try:
        os.execv(orders.then, [orders.then, *orders.arguments])
    except (OSError, ValueError) as error:
        return _fail(orders, code or ExitCode.FAILED, f"--then cannot be run ({type(error).__name__})")


def _log(orders: Orders, what: str) -> None:
    """One line, in one write: two hooks may log at once. A log that cannot be written stops no fax."""
    call = call_of(orders.arguments)
    now = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    line = f"{now} {source_of(orders.arguments[0])} call={call.commid or '-'} device={call.device or '-'} {what}\n"
    try:
        handle = os.open(orders.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, line.encode("utf-8", "backslashreplace"))
        finally:
            os.close(handle)
    except OSError as error:
        _say(f"pigeonhole faxrcvd: cannot write the log: {os.strerror(error.errno or 0)}")


def _say(sentence: str) -> None:
    """For servers that keep what their hook says; HylaFAX does not."""
    with contextlib.suppress(OSError):  # nobody may be listening
        os.write(2, f"{sentence}\n".encode("utf-8", "backslashreplace"))


def _open_closed_descriptors() -> None:
    """Fill 0, 1 and 2 where they are closed: else the fax itself would be opened as stderr."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
