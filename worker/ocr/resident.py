"""A Tesseract process that stays: it takes names of line images on its input and answers each at once.

Starting Tesseract costs 0.2 s, as much as reading ten lines; a run of many pages would pay it for every few of them
(docs/decisions/0016-resident-engine.md). `stream_filelist` makes Tesseract read names as they come, and coreutils'
stdbuf makes it answer line by line instead of in blocks of 4 KiB.
"""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

#: What is asked before the answers are read: both pipes hold that much, so that neither side waits for the other.
NAMES_AT_ONCE = 64
#: Images after which the process is started anew, whatever it may have kept of them.
MOST_IMAGES = 20_000
#: An image without ink is answered with a single row: it tells that all before it have been read.
END_SIDE = 8
_BLOCK = 1 << 16


class EngineLostError(Exception):
    """The process ended, or did not answer in time. What it was asked can be asked again of another."""


class ResidentEngine:
    """One Tesseract process, started when first asked and again after it was lost. Not for several threads."""

    def __init__(self, language: str, options: Sequence[str]) -> None:
        self._command = [*_line_by_line(), *_tesseract(language), *options, "-c", "stream_filelist=1", "tsv"]
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = 0
        self._rest = b""

    @staticmethod
    def is_possible() -> bool:
        """Both tools are there."""
        return bool(shutil.which("stdbuf") and shutil.which("tesseract"))

    @property
    def pid(self) -> int | None:
        """The id of the running process, None where there is none."""
        return self._process.pid if self._process is not None else None

    def rows(self, images: Sequence[Path], folder: Path, timeout_s: float) -> list[list[str]]:
        """Tesseract's table for each image, as rows of text without the head.

        `folder` is private and takes one more image. Raises EngineLostError, also after `timeout_s` seconds.
        """
        end = folder / "end.pgm"
        cv2.imwrite(str(end), np.full((END_SIDE, END_SIDE), 255, np.uint8))
        deadline = time.monotonic() + timeout_s
        found: list[list[str]] = []
        try:
            for at in range(0, len(images), NAMES_AT_ONCE):
                found += self._ask(images[at : at + NAMES_AT_ONCE], end, deadline)
        except OSError as error:
            self.close()
            raise EngineLostError(str(error)) from error
        except EngineLostError:
            self.close()
            raise
        return found

    def close(self) -> None:
        """Ends the process. The next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ask(self, images: Sequence[Path], end: Path, deadline: float) -> list[list[str]]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise EngineLostError("no pipes")
        process.stdin.write(b"".join(os.fsencode(name) + b"\n" for name in (*images, end)))
        process.stdin.flush()
        first, last = self._seen + 1, self._seen + len(images) + 1
        rows: list[list[str]] = [[] for _ in images]
        for row in self._lines(process.stdout.fileno(), deadline):
            level, page = row.split("\t", 2)[:2]
            if page == str(last):
                break
            if level.isdigit():
                rows[int(page) - first].append(row)
        self._seen = last
        return rows

    def _lines(self, descriptor: int, deadline: float) -> Iterator[str]:
        """Rows as they come. What came after the last row that was asked for is kept."""
        while True:
            line, newline, rest = self._rest.partition(b"\n")
            if newline:
                self._rest = rest
                yield line.decode("utf-8", "replace")
            else:
                self._rest += self._more(descriptor, deadline)

    @staticmethod
    def _more(descriptor: int, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise EngineLostError("no answer in time")
        block = os.read(descriptor, _BLOCK)
        if not block:
            raise EngineLostError("the process ended")
        return block

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._seen >= MOST_IMAGES:
            self.close()
        if self._process is None:
            self._seen, self._rest = 0, b""
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process


def _line_by_line() -> list[str]:
    return [shutil.which("stdbuf") or "stdbuf", "-oL"]


def _tesseract(language: str) -> list[str]:
    return [shutil.which("tesseract") or "tesseract", "-", "-", "-l", language]
