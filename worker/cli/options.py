"""Options that several commands share."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="The service's folder; PIGEONHOLE_HOME, or ./mailroom, unless given.", show_default=False
    ),
]
Every = Annotated[float, typer.Option(min=0.1, help="Seconds between two passes.")]
Json = Annotated[bool, typer.Option("--json", help="For machines: JSON instead of a table.")]


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set, instead of interrupting what is being done."""
    stop = threading.Event()

    def act(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, act)
    return stop
