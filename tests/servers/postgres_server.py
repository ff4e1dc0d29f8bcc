"""A real PostgreSQL: a cluster of its own, with a database of our tables to copy from."""

import secrets
import signal

import sqlalchemy as sa

from tests.servers.program import Program, find_program
from worker.db.engine import open_database

TEMPLATE = "pigeonhole_template"


class PostgresServer(Program):
    """One cluster for all tests; each gets a database of its own. `stop` does not wait for clients to leave."""

    stop_signal = signal.SIGINT
    death_signal = signal.SIGQUIT

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://pigeonhole@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, is_empty: bool = False) -> str:
        """The address of a fresh database with our tables, or without any."""
        if not is_empty and not self._has_template():
            self._do(f"CREATE DATABASE {TEMPLATE}")
            open_database(self.url(TEMPLATE)).dispose()
        name = f"test_{secrets.token_hex(6)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {'template0' if is_empty else TEMPLATE}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove it, whoever is still connected."""
        self._do(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def start(self) -> None:
        """Make the cluster where there is none, then start it."""
        if not (self.folder / "data").exists():
            options = ["--auth=trust", "--username=pigeonhole", "--locale=C", "--encoding=UTF8", "--no-sync"]
            self.run([_program("initdb"), f"--pgdata={self.folder / 'data'}", *options])
        super().start()

    def command(self) -> list[str]:
        """No fsync: processes are killed here, machines are not."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "shared_buffers": "32MB",
            "fsync": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [_program("postgres"), "-D", str(self.folder / "data"), *settings]

    def is_ready(self) -> bool:
        """It answers a query."""
        try:
            self._do("SELECT 1")
        except sa.exc.OperationalError:
            return False
        return True

    def _has_template(self) -> bool:
        return bool(self._do(f"SELECT count(*) FROM pg_database WHERE datname = '{TEMPLATE}'"))

    def _do(self, statement: str) -> object:
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            result = connection.execute(sa.text(statement))
            return result.scalar() if result.returns_rows else None


def _program(name: str) -> str:
    return find_program(name, f"/usr/lib/postgresql/*/bin/{name}")
