"""Tesseract inside this process, by the extra `fast` (tesserocr): no image is written, and no process is asked.

A third less time a line than Debian's program (docs/performance.md). A crash costs the reader process and its chunk of
pages, which are then read one by one, as for any other library here.
"""

import importlib
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any  # tesserocr has no types

from worker.errors import MissingToolError
from worker.ocr.images import Pixels
from worker.ocr.resident import EngineLostError

_FOLDER_SAID = re.compile(r'"([^"]+)"')


class EmbeddedEngine:
    """The engine of one language for single lines of dark text on white. Not for several threads.

    Raises MissingToolError where the extra, or Tesseract with its languages, is not installed.
    """

    def __init__(self, language: str) -> None:
        if not shutil.which("tesseract"):
            raise MissingToolError("tesseract")
        if importlib.util.find_spec("tesserocr") is None:
            raise MissingToolError("tesserocr", "install pigeonhole[fast]")
        tesserocr = importlib.import_module("tesserocr")
        mode, kind = tesserocr.PSM.SINGLE_LINE, tesserocr.OEM.LSTM_ONLY
        self._api: Any = tesserocr.PyTessBaseAPI(path=_tessdata(), lang=language, psm=mode, oem=kind)
        self._api.SetVariable("tessedit_do_invert", "0")

    def rows(self, images: Sequence[Pixels], timeout_s: float) -> list[list[str]]:
        """Tesseract's table for each line image (H, W; 0 is ink), as rows of text without the head.

        Raises EngineLostError for a line that takes longer than `timeout_s` seconds.
        """
        return [self._rows(image, timeout_s) for image in images]

    def _rows(self, image: Pixels, timeout_s: float) -> list[str]:
        height, width = image.shape
        self._api.SetImageBytes(image.tobytes(), width, height, 1, width)
        if not self._api.Recognize(round(timeout_s * 1000)):
            raise EngineLostError("no answer in time")
        rows: list[str] = self._api.GetTSVText(0).splitlines()
        self._api.Clear()
        return rows


@cache
def _tessdata() -> str:
    """The folder of the languages that the program uses."""
    said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=20)
    found = _FOLDER_SAID.search(said.stdout + said.stderr)
    return str(Path(found.group(1) if found else "/usr/share/tesseract-ocr/5/tessdata")) + "/"
