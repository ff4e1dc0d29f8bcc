"""The fax server's log of calls: facts only, and what cannot be read is counted."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.builders.faxes import RealCall, log_line, real_calls
from worker.errors import BadDocumentError
from worker.intake.xferfaxlog import find_log, read_calls

WHEN = datetime(2026, 11, 22, 4, 7)
SENT = '11/22/26 04:00\tSEND\t000000001\tttyIAX0\t1\t""\troot\t"5550140"\t"X"\t1\t3\t0:42\t0:42\t""\t""\t""\t""\t"root"'


def log_with(folder: Path, *lines: str | bytes) -> Path:
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    path = folder / "xferfaxlog"
    path.write_bytes(b"".join(line + b"\n" for line in raw))
    return path


@pytest.mark.parametrize("call", real_calls(), ids=lambda call: call.name)
def test_a_received_document_is_read_with_all_that_the_hook_was_told(tmp_path: Path, call: RealCall) -> None:
    path = log_with(tmp_path, SENT, log_line(call, WHEN, pages=1))

    log = read_calls(path)

    (read,) = log.calls
    assert (f"recvq/{read.file}", read.device, read.commid, read.reason, *read.caller_ids) == call.arguments
    assert (read.when, read.pages, read.tsi) == (WHEN.astimezone(), 1, "EXAMPLE CLINIC")
    assert log.unreadable == 0


def test_quotes_and_bytes_that_a_caller_chose_stay_text(tmp_path: Path) -> None:
    line = log_line(real_calls()[0], WHEN).replace("EXAMPLE CLINIC 0", 'EVIL "$(reboot)" X').encode()
    path = log_with(tmp_path, line.replace(b'"EXAMPLE CLINIC"', b'"caf\xe9 \x1b[2J"'))

    (read,) = read_calls(path).calls

    assert read.caller_ids[1] == 'EVIL "$(reboot)" X'
    assert read.tsi == "caf\\xe9 \\x1b[2J"


@pytest.mark.parametrize(
    "line",
    [
        "11/22/26 04:07\tRECV\t000000019\tttyIAX1",
        log_line(real_calls()[0], WHEN).replace("11/22/26", "22.11.26"),
        log_line(real_calls()[0], WHEN, pages=1).replace("\t1\t", "\tone\t"),
    ],
    ids=["torn", "no date", "no count"],
)
def test_a_line_that_cannot_be_read_is_counted(tmp_path: Path, line: str) -> None:
    path = log_with(tmp_path, line, log_line(real_calls()[1], WHEN), "", "CALL")

    log = read_calls(path)

    assert (len(log.calls), log.unreadable) == (1, 1)


@pytest.mark.parametrize("place", ["log", "etc"])
def test_the_log_is_found_where_servers_of_either_age_keep_it(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir()
    (tmp_path / place / "xferfaxlog").touch()

    found = find_log(tmp_path)

    assert found == tmp_path / place / "xferfaxlog"


def test_a_spool_without_a_log_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadDocumentError, match="log of calls"):
        find_log(tmp_path)

    with pytest.raises(BadDocumentError, match="cannot be read"):
        read_calls(tmp_path / "none")
