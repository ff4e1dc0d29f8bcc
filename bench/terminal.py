"""`python -m bench.terminal SVG -- COMMAND...`: runs a command and draws what a terminal shows of it."""

import io
import os
import pty
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 110


def main() -> None:
    """Reads the arguments, runs the command in a terminal of its own, and writes the picture."""
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit("usage: python -m bench.terminal SVG -- COMMAND...")
    picture, command = Path(sys.argv[1]), sys.argv[3:]
    output: list[bytes] = []
    os.environ["COLUMNS"] = str(COLUMNS)
    os.environ["TERM"] = "xterm-256color"
    status = pty.spawn(command, lambda descriptor: _keep(descriptor, output))
    picture.write_text(_draw(b"".join(output).decode("utf-8", "replace"), " ".join(command)), encoding="utf-8")
    sys.exit(os.waitstatus_to_exitcode(status))


def _keep(descriptor: int, output: list[bytes]) -> bytes:
    data = os.read(descriptor, 65536)
    output.append(data)
    return data


def _draw(output: str, title: str) -> str:
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for line in output.replace("\r\n", "\n").split("\n"):
        shown = line.rsplit("\r", 1)[-1]
        if shown.startswith("\x1b[2K") or ("━━" in shown and "pages/s" in shown):
            continue  # a progress bar that was wiped
        console.print(Text.from_ansi(shown))
    return console.export_svg(title=title)


if __name__ == "__main__":
    main()
