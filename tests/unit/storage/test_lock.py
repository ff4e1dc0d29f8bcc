"""One writer per output folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.errors import ExitCode, InUseError
from worker.storage.lock import hold_folder

HOLD = """
import sys, time
from pathlib import Path
from worker.storage.lock import hold_folder
with hold_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_holder_is_refused_with_the_first_ones_number(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "out"):
        second = hold_folder(tmp_path / "out")
        with pytest.raises(InUseError, match=str(os.getpid())) as caught:
            second.__enter__()

    assert caught.value.exit_code is ExitCode.IN_USE


def test_folder_is_free_after_the_block_and_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), hold_folder(tmp_path):
        raise RuntimeError

    with hold_folder(tmp_path):
        assert (tmp_path / ".lock").exists()


def test_killed_holder_leaves_the_folder_free(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, cwd=root)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(InUseError), hold_folder(tmp_path):
        pass

    holder.kill()
    holder.wait()
    holder.stdout.close()

    with hold_folder(tmp_path):
        pass
