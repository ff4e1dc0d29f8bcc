"""The API is killed while documents are being sent to it, and whoever sends them tries again."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.faults_attack import Attack
from tests.servers.program import free_port

#: Seconds that an upload takes, and pieces that it comes in.
UPLOAD_SECONDS, PIECES = 0.8, 16
#: Seconds between two tries.
TRY_EVERY = 0.2


def killed_in_mid_upload(attack: Attack) -> None:
    """SIGKILL while a document comes in, is being recorded or has just been answered, at a drawn moment of an upload.

    The station sends it again with the same Idempotency-Key until it is answered.
    """
    room, port = attack.room, free_port()
    made = room.run("keys", "add", "bench", "--scope", "upload")
    key = made.stdout.decode().split()[-1]
    room.start("serve", "serve", "--port", str(port))
    attack.start_workers()
    base = f"http://127.0.0.1:{port}"
    room.wait(lambda: _answers(base), "the API to answer")
    unlucky = set(attack.rng.sample(range(len(attack.tray.files)), min(attack.amount, len(attack.tray.files))))
    for number, path in enumerate(attack.tray.files):
        killed_at = [0.0]
        if number in unlucky:
            delay = attack.rng.uniform(0.0, UPLOAD_SECONDS + 0.1)
            threading.Timer(delay, _kill, (attack, killed_at)).start()
            _send_until_taken(attack, base, key, path)
            attack.done["upload"] += 1
            room.wait(lambda moment=killed_at: moment[0], "the kill")  # type: ignore[misc]  # a default binds it now
            attack.recovered.append(max(0.0, time.monotonic() - killed_at[0]))
        else:
            _send_until_taken(attack, base, key, path)
    attack.finish()


def _kill(attack: Attack, killed_at: list[float]) -> None:
    attack.room.running["serve"].kill()
    killed_at[0] = time.monotonic()


def _send_until_taken(attack: Attack, base: str, key: str, path: Path) -> None:
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": path.name,
        "Content-Type": "application/octet-stream",
    }

    def is_taken() -> bool:
        try:
            url = f"{base}/v1/documents"
            sent = httpx.post(url, params={"filename": path.name}, headers=headers, content=_slowly(path), timeout=20.0)
        except httpx.HTTPError:
            return False
        if sent.is_client_error:
            raise RuntimeError(f"the API refused an upload: {sent.status_code} {sent.text[:300]}")
        return sent.is_success

    attack.room.wait(is_taken, "an upload to be taken", every=TRY_EVERY)


def _slowly(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    size = max(1, -(-len(data) // PIECES))
    for start in range(0, len(data), size):
        yield data[start : start + size]
        time.sleep(UPLOAD_SECONDS / PIECES)


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").is_success
    except httpx.HTTPError:
        return False
