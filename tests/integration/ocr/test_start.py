"""A command starts without the libraries that only its reader processes need."""

import subprocess
import sys

#: OpenCV, NumPy, PDFium and the barcode readers: half a second of every start.
READERS_ONLY = {"cv2", "numpy", "pypdfium2", "zxingcpp", "pyzbar"}


def test_processing_loads_no_library_that_reads_pages() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, worker.cli.process; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert "worker.ocr.reader_process" in loaded.stdout.split()
    assert READERS_ONLY & {*loaded.stdout.split()} == set()
