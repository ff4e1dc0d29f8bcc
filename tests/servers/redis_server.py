"""A real Redis with an append-only file, as the compose file runs it."""

import redis

from tests.servers.program import Program, answers, find_program


class RedisServer(Program):
    """`url` stays the same over restarts."""

    @property
    def url(self) -> str:
        """Its database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def command(self) -> list[str]:
        """Append-only, no eviction, no snapshots."""
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self.folder),
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
        }
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [find_program("redis-server"), *pairs, "--save", ""]

    def is_ready(self) -> bool:
        """It answers PING; while it loads its file it does not."""
        return answers(self.port, b"+PONG", b"PING\r\n")
