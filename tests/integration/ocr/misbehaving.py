"""Functions for the tests of children: each does one thing that native code does on a bad day."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from worker.errors import BadPageError
from worker.ocr.child import Child

initialised = False


class UnpicklableError(Exception):
    """Holds what no pickle can hold."""

    def __init__(self) -> None:
        super().__init__(threading.Lock())


def initialise() -> None:
    global initialised  # noqa: PLW0603  the point of the test: the initializer leaves a mark in the process
    initialised = True


def was_initialised(_: object) -> bool:
    return initialised


def fail_to_initialise() -> None:
    raise RuntimeError("no model")


def who(_: object) -> int:
    return os.getpid()


def sleep_a_little(_: object) -> int:
    time.sleep(0.2)
    return os.getpid()


def double(number: int) -> int:
    return 2 * number


def process_id(_: object) -> int:
    return os.getpid()


def behave(how: str) -> object:  # noqa: PLR0912  a table of misdeeds
    match how:
        case "abort":
            os.abort()
        case "segfault":
            ctypes.string_at(1)
        case "exit":
            os._exit(3)
        case "system exit":
            sys.exit(4)
        case "hang":
            ctypes.CDLL(None).sleep(60)
        case "hang without python":
            ctypes.PyDLL(None).sleep(60)  # holds the interpreter lock, as a bad extension does
        case "ignore SIGTERM":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
        case "print":
            print("garbage" * 1000)
            os.write(1, b"\x00\xff" * 100_000)
            os.write(2, b"TIFFReadDirectory: warning" * 10_000)
        case "raise":
            raise BadPageError(7, "no strip")
        case "raise time-out":
            raise TimeoutError("mine")
        case "raise unpicklable":
            raise UnpicklableError
        case "return unpicklable":
            return threading.Lock()
        case "return 5 MB":
            return bytes(5_000_000)
        case "core size":
            import resource  # noqa: PLC0415  only here

            return resource.getrlimit(resource.RLIMIT_CORE)
    return how


def leave_a_grandchild(note: str) -> None:
    """Starts a process that notes its id in a file, and waits for it."""
    subprocess.run(["sh", "-c", f"echo $$ > '{note}.part'; mv '{note}.part' '{note}'; sleep 60; true"], check=True)


def spin(note: str) -> None:
    """Never gives the interpreter back."""
    Path(note).write_text(str(os.getpid()), encoding="utf-8")
    ctypes.PyDLL(None).sleep(60)


def nest(note: str) -> None:
    """A child that has a child of its own, as a reader of pages has ZBar."""
    Child(spin).call(note, 60.0)


def sleep_and_return(seconds: float) -> float:
    time.sleep(seconds)
    return seconds
