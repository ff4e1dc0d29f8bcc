"""On a terminal progress is a bar that moves, and the summary stands alone when it is gone."""

import os
import pty
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.conftest import REQUESTS
from tests.builders.answers import answer
from tests.builders.command import PATIENCE, ROOT, tray
from worker.domain.request import Request


def shown_on_terminal(line: Sequence[str | bytes]) -> tuple[int, str, str]:
    """Runs it with stderr on a terminal: the exit code, stdout, and what the terminal was sent."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []
    reader = threading.Thread(target=_collect, args=(ours, shown))
    reader.start()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        line, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, env=environment, timeout=PATIENCE, check=False
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    return done.returncode, done.stdout.decode(), b"".join(shown).decode()


def _collect(terminal: int, shown: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            return
        if not piece:
            return
        shown.append(piece)


def test_progress_is_a_bar_on_a_terminal(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    fax = answer(tmp_path / "fax.tif", open_requests[7])

    code, stdout, terminal = shown_on_terminal(tray(fax, requests=REQUESTS, out=tmp_path / "out"))

    assert code == 0
    assert "\x1b[" in terminal
    assert "1 documents" in terminal or "1 document" in terminal
    assert "pages" in terminal
    assert "\x1b[" not in stdout
    assert "documents" in stdout
