"""`python -m bench.hook`: how long a fax server waits for its hook, next to a Python that does nothing.

Each call is a fresh process with a bare environment and the spool as its working directory. The settings point to dead
ports meanwhile: the hook needs neither PostgreSQL nor Redis.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
#: A server that is not there: nothing listens on port 1.
DEAD = {
    "PIGEONHOLE_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    "PIGEONHOLE_REDIS_URL": "redis://127.0.0.1:1/0",
}
BARE = {"LC_ALL": "C", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT)}
FILE = "recvq/fax000000001.tif"
CALL = (FILE, "ttyS0", "000000003", "", "5550140", "EXAMPLE CLINIC", "<NONE>", "5550100")
#: Bytes of the fax: three pages in fine mode have 35 kB, a chart of 200 pages some megabytes.
DEFAULT_BYTES = 35_000


def main() -> None:
    """Calls both in turn, so that a busy moment of the machine meets both, and prints a table."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        spool, inbox = Path(folder) / "spool", Path(folder) / "inbox"
        (spool / "recvq").mkdir(parents=True)
        inbox.mkdir()
        (spool / FILE).write_bytes(os.urandom(given.bytes))
        hook, floor = [sys.executable, "-m", "worker", "faxrcvd", "--inbox", str(inbox), *CALL], [sys.executable, "-c"]
        pairs = [(_seconds(hook, spool), _seconds([*floor, "pass"], spool)) for _ in range(given.calls)]
        kept = len(list(inbox.glob("*.json")))
    _print(given, kept, *map(sorted, zip(*pairs, strict=True)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--bytes", type=int, default=DEFAULT_BYTES)
    return parser.parse_args()


def _seconds(command: Sequence[str], spool: Path) -> float:
    """From start to exit. A call that fails ends the bench."""
    began = time.monotonic()
    subprocess.run(command, cwd=spool, env={**BARE, **DEAD}, umask=0o077, stdin=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def _print(given: argparse.Namespace, kept: int, hook: Sequence[float], floor: Sequence[float]) -> None:
    table = Table(title=f"{given.calls} calls, a fax of {given.bytes:,} bytes, PostgreSQL and Redis down; {kept} kept")
    for column in ("milliseconds", "median", "99 %", "most"):
        table.add_column(column, justify="left" if column == "milliseconds" else "right")
    for name, seconds in (("pigeonhole faxrcvd", hook), ("python -c pass", floor)):
        at_99 = seconds[math.ceil(0.99 * len(seconds)) - 1]
        table.add_row(name, *(f"{1000 * value:.0f}" for value in (median(seconds), at_99, seconds[-1])))
    Console().print(table)
    if kept != given.calls:
        sys.exit(f"{given.calls - kept} faxes were not kept")


if __name__ == "__main__":
    main()
