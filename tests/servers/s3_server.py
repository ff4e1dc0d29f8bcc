"""An S3-compatible store (moto) in a thread of this process; what it holds outlives `stop`, but not the process."""

import secrets
from typing import Self

import httpx
from moto.server import ThreadedMotoServer

from tests.servers.program import free_port, wait_until

START_SECONDS = 20.0


class S3Server:
    """`endpoint` stays the same over restarts. Any credentials will do."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server: ThreadedMotoServer | None = None

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def new_bucket(self) -> str:
        """The name of a new, empty bucket."""
        name = f"test-{secrets.token_hex(6)}"
        httpx.put(f"{self.endpoint}/{name}").raise_for_status()
        return name

    def start(self) -> None:
        """Return once it answers."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()
        if not wait_until(self._is_ready, START_SECONDS):
            raise TimeoutError("moto does not answer")

    def stop(self) -> None:
        """From now on connections are refused."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def kill(self) -> None:
        """The same as `stop`: it is no process of its own."""
        self.stop()

    def restart(self) -> None:
        """Stop it and start it on the same port with the same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop it; its data goes with this process."""
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.endpoint}/moto-api/").is_success
        except httpx.HTTPError:
            return False
