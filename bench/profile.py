"""Where the time goes: `python -m bench.profile TRAY [--flame FILE.svg] [--write docs/performance.md --part before]`.

Runs `pigeonhole process` on TRAY (scans/, requests.csv) under py-spy, which looks at all its processes fifty times a
second, and tells for each stage how many seconds of work it took. A reader that waits for Tesseract counts as OCR. A
second run draws the flame graph.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.marked import rewrite

#: Looks a second.
RATE = 50
#: Frames that mean a stage, the innermost first. What none of them explains is told as other.
STAGES: Mapping[str, str] = {
    "read_lines (worker/ocr/tesseract.py)": "OCR",
    "find_barcodes (worker/ocr/barcodes.py)": "barcodes",
    "find_lines (worker/ocr/lines.py)": "finding lines",
    "asked (worker/ocr/sheets.py)": "finding lines",
    "clean (worker/ocr/cleanup.py)": "clean-up",
    "Document.page (worker/ocr/open_document.py)": "decoding",
    "open_document (worker/ocr/open_document.py)": "decoding",
    "answer (worker/ocr/read_chunk.py)": "other reading",
    "read_on (worker/pipeline/read_step.py)": "waiting",
    "PageReader.read (worker/ocr/page_reader.py)": "waiting",
    "PageReader.inspect (worker/ocr/page_reader.py)": "waiting",
    "Connection.execute (sqlalchemy/engine/base.py)": "database",
    "_begin (worker/db/engine.py)": "database",
    "Connection.commit (sqlalchemy/engine/base.py)": "database",
    "decide_document (worker/pipeline/decide.py)": "matching",
    "decide_pages (worker/pipeline/decide_step.py)": "matching",
    "file_pages (worker/pipeline/file_step.py)": "filing",
    "work_once (worker/pipeline/work.py)": "other work of a step",
    "_find_and_load (<frozen importlib._bootstrap>)": "start: imports",
    "import_requests (worker/wiring.py)": "start: registry",
}
#: How the innermost frame of a thread begins that only waits.
IDLE = ("_exactly (worker/ocr/child_wire.py)", "Condition.wait (threading.py)", "sleep", "wait (threading.py)")
WAITING = "waiting"


def main() -> None:
    """Runs the tray under py-spy and prints the table."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "stacks.txt"
        _spy(given, Path(folder), raw, "raw", "--idle")
        text = table(stages(raw.read_text("utf-8").splitlines()))
        if given.flame:
            _spy(given, Path(folder), given.flame.resolve(), "flamegraph")
    print(text)
    if given.write:
        rewrite(given.write, given.part, text)


def stages(stacks: Iterable[str]) -> dict[str, float]:
    """Seconds of work by stage, from py-spy's lines: frames from the outermost on, parted by `;`, and a count."""
    found: dict[str, float] = defaultdict(float)
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        found[_stage(stack.split(";"))] += int(count) / RATE
    found.pop(WAITING, None)
    return dict(found)


def _stage(frames: Sequence[str]) -> str:
    named = [_without_line(frame) for frame in reversed(frames)]
    is_at_ocr = any(STAGES.get(frame) == "OCR" for frame in named)
    if not is_at_ocr and named[0].startswith(IDLE):
        return WAITING
    return next((STAGES[frame] for frame in named if frame in STAGES), "other")


def _without_line(frame: str) -> str:
    """`answer (worker/ocr/read_chunk.py:70)` without the line's number."""
    head, colon, _ = frame.rpartition(":")
    return f"{head})" if colon else frame


def table(found: Mapping[str, float]) -> str:
    """A row for each stage, the longest first, as markdown."""
    total = sum(found.values())
    lines = ["| stage | seconds | share |", "|---|---|---|"]
    lines += [f"| {k} | {v:.1f} | {v / total:.0%} |" for k, v in sorted(found.items(), key=lambda p: -p[1]) if v >= 0.1]
    return "\n".join([*lines, f"| all | {total:.1f} | 100% |"])


def _spy(given: argparse.Namespace, folder: Path, out: Path, form: str, *more: str) -> None:
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or "py-spy"
    command = [spy, "record", "--subprocesses", "--rate", str(RATE), "--format", form, "--output", str(out), *more]
    tray, where = given.tray, folder / form
    arguments = [tray / "scans", "--requests", tray / "requests.csv", "--out", where, "--jobs", given.jobs]
    process = [sys.executable, "-m", "worker", "process", *map(str, arguments)]
    subprocess.run([*command, "--", *process], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("tray", type=Path)
    parser.add_argument("--flame", type=Path, help="where the flame graph is written (SVG)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="a page with a part for the table")
    parser.add_argument("--part", default="profile", help="the name of that part")
    return parser.parse_args()


if __name__ == "__main__":
    main()
