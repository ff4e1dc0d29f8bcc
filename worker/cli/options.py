"""Options that several commands share."""

import signal
import threading
from collections.abc import Callable
from functools import wraps
from inspect import signature
from pathlib import Path
from types import FrameType
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

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


def with_options(kind: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """For commands with many options: typer reads the fields of `kind`, and the command gets one value of it."""

    def decorate(command: Callable[[T], None]) -> Callable[..., None]:
        @wraps(command)
        def called(**given: object) -> None:
            command(kind(**given))

        called.__signature__ = signature(kind)  # type: ignore[attr-defined]  # what inspect looks at first
        return called

    return decorate
