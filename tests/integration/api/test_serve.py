"""The server as a process: killed in the middle of an upload, told to stop, and its keys from the command line."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.builders.command import command, finish, run, start, wait_until
from tests.builders.served import BYTES, PDF, came
from worker.pipeline.site import Site

Process = subprocess.Popen[bytes]
#: Seconds for a process to start on a busy machine.
START = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def serve(site: Site, port: int) -> Process:
    process = start(command("serve", "--home", site.home, "--port", str(port)))
    assert wait_until(lambda: is_up(port) or process.poll() is not None, seconds=START)
    return process


@pytest.fixture
def key(site: Site) -> Iterator[str]:
    made = run(command("keys", "add", "station", "--scope", "upload", "--home", site.home))
    assert made.code == 0, made.stderr
    yield made.stdout.strip()
    site.shelf.engine.dispose()


def half_an_upload(port: int, key: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    head = "POST /v1/documents HTTP/1.1\r\nHost: a\r\nContent-Type: application/pdf\r\nContent-Length: 4000000\r\n"
    line.sendall(f"{head}Authorization: Bearer {key}\r\n\r\n".encode() + b"x" * 2_000_000)
    return line


def spooled(process: Process, site: Site) -> bool:
    links = [link.readlink() for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()]
    return any(str(link).startswith(str(site.home / "spool")) for link in links)


def test_killed_in_mid_upload_nothing_is_left(site: Site, key: str) -> None:
    port = free_port()
    process = serve(site, port)
    with half_an_upload(port, key):
        assert wait_until(lambda: spooled(process, site), seconds=START)

        process.kill()
        finish(process)

    again = serve(site, port)
    headers = PDF | {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"http://127.0.0.1:{port}/v1/documents", content=BYTES, headers=headers)
    again.terminate()
    ended = finish(again)
    assert list((site.home / "spool").iterdir()) == []
    assert answer.status_code == 201
    assert [arrival.receipt for arrival in came(site)] == [answer.json()["documents"][0]["receipt"]]
    assert ended.code == 0, ended.stderr


def test_told_to_stop_it_finishes_what_is_in_hand(site: Site, key: str) -> None:
    port = free_port()
    process = serve(site, port)
    with half_an_upload(port, key) as line:
        assert wait_until(lambda: spooled(process, site), seconds=START)

        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        line.sendall(b"x" * 2_000_000)
        answer = line.recv(4_096)

    ended = finish(process)
    assert answer.startswith(b"HTTP/1.1 201")
    assert len(came(site)) == 1
    assert ended.code == 0, ended.stderr


def test_keys_are_shown_once_listed_and_revoked(site: Site, key: str) -> None:
    listed = run(command("keys", "list", "--home", site.home))
    twice = run(command("keys", "add", "station", "--scope", "read", "--home", site.home))
    no_line = run(command("keys", "add", "other", "--scope", "read", "--line", "nowhere", "--home", site.home))
    revoked = run(command("keys", "revoke", "station", "--home", site.home))
    nobody = run(command("keys", "revoke", "nobody", "--home", site.home))

    assert key.startswith("pgh_")
    assert "station" in listed.stdout
    assert "upload" in listed.stdout
    assert key not in listed.stdout
    assert [each.code for each in (twice, no_line, revoked, nobody)] == [2, 2, 0, 2]
    assert "nowhere" in no_line.stderr
