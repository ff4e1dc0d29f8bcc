"""A child may crash, hang, print and lie: the parent gets a result or an error, and the next call works."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.ocr import misbehaving
from worker.errors import BadPageError
from worker.ocr.child import Child, ChildCrashedError, ChildRaisedError, ChildTimedOutError

PATIENT_S = 20.0


@pytest.fixture(scope="module")
def child() -> Iterator[Child[str, object]]:
    with Child(misbehaving.behave) as child:
        yield child


@pytest.mark.parametrize(
    ("how", "ended"),
    [("abort", "SIGABRT"), ("segfault", "SIGSEGV"), ("exit", "status 3"), ("system exit", "status 4")],
)
def test_a_crash_costs_one_call(child: Child[str, object], how: str, ended: str) -> None:
    with pytest.raises(ChildCrashedError, match=ended) as caught:
        child.call(how, PATIENT_S)
    after = child.call("well", PATIENT_S)

    assert not caught.value.is_permanent
    assert after == "well"


@pytest.mark.parametrize("how", ["hang", "hang without python", "ignore SIGTERM"])
def test_a_hang_ends_at_its_time(child: Child[str, object], how: str) -> None:
    child.call("well", PATIENT_S)
    before = time.monotonic()

    with pytest.raises(ChildTimedOutError):
        child.call(how, 0.3)
    took = time.monotonic() - before
    after = child.call("well", PATIENT_S)

    assert 0.25 < took < 2
    assert after == "well"


def test_printing_does_not_harm_the_answer(child: Child[str, object], capfd: pytest.CaptureFixture[str]) -> None:
    answer = child.call("print", PATIENT_S)

    assert answer == "print"
    assert capfd.readouterr() == ("", "")


def test_an_exception_arrives_whole(child: Child[str, object]) -> None:
    with pytest.raises(BadPageError, match="page 7: no strip") as caught:
        child.call("raise", PATIENT_S)

    assert (caught.value.page, caught.value.reason) == (7, "no strip")
    assert "misbehaving.py" in caught.value.__notes__[0]


def test_a_time_out_of_the_function_is_not_the_time_out_of_the_child(child: Child[str, object]) -> None:
    pid = child.pid

    with pytest.raises(TimeoutError, match="mine"):
        child.call("raise time-out", PATIENT_S)

    assert child.pid == pid


def test_what_cannot_travel_is_named(child: Child[str, object]) -> None:
    with pytest.raises(ChildRaisedError, match="UnpicklableError"):
        child.call("raise unpicklable", PATIENT_S)
    with pytest.raises(TypeError, match="pickle"):
        child.call("return unpicklable", PATIENT_S)

    assert child.call("well", PATIENT_S) == "well"


def test_large_results_and_no_core_files(child: Child[str, object]) -> None:
    large = child.call("return 5 MB", PATIENT_S)
    core_size = child.call("core size", PATIENT_S)

    assert large == bytes(5_000_000)
    assert core_size == (0, 0)


def test_one_process_serves_many_calls() -> None:
    with Child(misbehaving.process_id) as child:
        ids = {child.call(None, PATIENT_S) for _ in range(5)}

    assert len(ids) == 1
    assert os.getpid() not in ids


def test_the_initializer_runs_in_each_fresh_process() -> None:
    with Child(misbehaving.was_initialised, initializer=misbehaving.initialise) as child:
        assert child.call(None, PATIENT_S) is True

    assert misbehaving.initialised is False


def test_a_failing_initializer_is_told() -> None:
    child = Child(misbehaving.double, initializer=misbehaving.fail_to_initialise)

    with child, pytest.raises(RuntimeError, match="no model"):
        child.call(1, PATIENT_S)


@pytest.mark.parametrize("function", [misbehaving.leave_a_grandchild, misbehaving.nest])
def test_a_time_out_takes_grandchildren_along(tmp_path: Path, function: Callable[[str], None]) -> None:
    note = tmp_path / "pid"
    with Child(function) as child, pytest.raises(ChildTimedOutError):
        child.call(str(note), 2.0)

    assert is_gone(int(note.read_text("utf-8")))


def test_closing_ends_a_call_of_another_thread() -> None:
    child = Child(misbehaving.sleep_and_return)
    errors: list[BaseException] = []

    def call() -> None:
        try:
            child.call(60.0, 60.0)
        except ChildCrashedError as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    while child.pid is None:
        time.sleep(0.01)
    child.close()
    thread.join(5)

    assert not thread.is_alive()
    assert len(errors) == 1
    with pytest.raises(ChildCrashedError):
        child.call(0.0, PATIENT_S)


def test_calls_of_several_threads_do_not_mix() -> None:
    results: dict[int, int] = {}
    with Child(misbehaving.double) as child:

        def call(number: int) -> None:
            results[number] = child.call(number, PATIENT_S)

        threads = [threading.Thread(target=call, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert results == {k: 2 * k for k in range(8)}


@pytest.mark.parametrize("function", ["spin", "leave_a_grandchild", "nest"])
def test_children_die_when_the_parent_is_killed(tmp_path: Path, function: str) -> None:
    note = tmp_path / "pid"
    code = (
        "from tests.integration.ocr import misbehaving; from worker.ocr.child import Child; "
        f"Child(misbehaving.{function}).call({str(note)!r}, 60.0)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3])
    await_file(note)

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert is_gone(int(note.read_text("utf-8")))


def test_ctrl_c_is_for_the_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "from tests.integration.ocr import misbehaving; from worker.ocr.child import Child\n"
        f"try: Child(misbehaving.spin).call({str(note)!r}, 60.0)\n"
        "except KeyboardInterrupt: print('stopped')"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    await_file(note)

    os.killpg(parent.pid, signal.SIGINT)
    out, err = parent.communicate(timeout=10)

    assert (out, err) == (b"stopped\n", b"")
    assert is_gone(int(note.read_text("utf-8")))


def test_functions_that_the_child_cannot_import_are_refused() -> None:
    with pytest.raises(ValueError, match="module-level"):
        Child(lambda number: number)


def await_file(path: Path) -> None:
    until = time.monotonic() + PATIENT_S
    while not (path.exists() and path.read_text("utf-8")):
        assert time.monotonic() < until, "the child did not start"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
