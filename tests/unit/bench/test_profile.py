"""Stacks become seconds of stages: the innermost frame that means one, and nothing for threads that only wait."""

from bench.profile import RATE, stages, table

CHILD = "main (worker/ocr/child_main.py:40);answer (worker/ocr/read_chunk.py:70)"
WORK = "_bootstrap (threading.py:9);work_once (worker/pipeline/work.py:80)"


def test_the_innermost_known_frame_names_the_stage() -> None:
    found = stages([f"{CHILD};clean (worker/ocr/cleanup.py:60);find_blobs (worker/ocr/ink.py:8) {2 * RATE}"])

    assert found == {"clean-up": 2.0}


def test_a_reader_that_waits_for_the_engine_reads() -> None:
    found = stages([f"{CHILD};read_lines (worker/ocr/tesseract.py:50);wait (threading.py:300) {RATE}"])

    assert found == {"OCR": 1.0}


def test_threads_that_wait_cost_nothing() -> None:
    waits = f"{WORK};decide_pages (worker/pipeline/decide_step.py:3);read_on (worker/pipeline/read_step.py:3) {RATE}"
    sleeps = f"{WORK};Condition.wait (threading.py:320) {RATE}"

    assert stages([waits, sleeps]) == {}


def test_what_nothing_explains_is_other() -> None:
    assert stages([f"run (elsewhere.py:1) {RATE}", f"{WORK};claim (worker/db/tasks.py:1) {RATE}"]) == {
        "other": 1.0,
        "other work of a step": 1.0,
    }


def test_the_longest_stage_stands_first_and_the_sum_last() -> None:
    lines = table({"filing": 1.0, "OCR": 3.0}).splitlines()

    assert lines[2:] == ["| OCR | 3.0 | 75% |", "| filing | 1.0 | 25% |", "| all | 4.0 | 100% |"]
