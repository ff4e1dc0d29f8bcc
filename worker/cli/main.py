"""The entry point: signals and errors become one line with advice and an exit code."""

import io
import os
import signal
import sys
from types import FrameType

from worker.errors import BadRegistryError, ExitCode, PigeonholeError

ADVICE = "What is done is kept: run the same command again to finish the rest."
#: The one command that must start at once.
FAX_HOOK = "faxrcvd"


def main() -> None:
    """Runs the command line; never returns."""
    if sys.argv[1:2] == [FAX_HOOK]:
        from worker.cli.faxrcvd import faxrcvd  # noqa: PLC0415 - a fax server waits: nothing else is loaded

        faxrcvd(sys.argv[2:])
    _on_signals(_stop_at_once)
    # The command takes a second to load, in which Ctrl-C must not be a traceback.
    from worker.cli.app import make_app  # noqa: PLC0415 - see above
    from worker.logs import set_up_logs, where  # noqa: PLC0415 - see above

    app = make_app(sys.argv[1:])
    _on_signals(_interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names may hold what no encoding can say
    set_up_logs()
    try:
        app()  # exits itself: 2 after a wrong command line, 130 after an interrupt
    except PigeonholeError as error:
        _report(error)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == ExitCode.INTERRUPTED:
            _say(f"Stopped. {ADVICE}")
        raise
    except Exception as error:  # noqa: BLE001 - the edge of the command: what errors say may quote pages
        _say(f"pigeonhole: failed in itself ({type(error).__name__} at {where(error)}): please report it.")
        _say(ADVICE)
        sys.exit(ExitCode.FAILED)


def _on_signals(act: "signal._HANDLER") -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, act)


def _stop_at_once(_signal: int, _frame: FrameType | None) -> None:
    """Nothing has begun yet."""
    os._exit(ExitCode.INTERRUPTED)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _report(error: PigeonholeError) -> None:
    _say(f"pigeonhole: {error}")
    if isinstance(error, BadRegistryError):
        for problem in error.problems:
            _say(f"  {problem}")
        _say("Mend the file and run again, or give --skip-bad-rows to leave these rows out.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
