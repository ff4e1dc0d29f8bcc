"""A database as a released version made and filled it."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import command

from worker.db.upgrade import alembic_config
from worker.domain.document import Stage

TIME = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
#: What version 0.1 left behind: a document at each stage, one that came twice, a file that could not be read.
STAGES = (Stage.RECEIVED, Stage.READ, Stage.DECIDED, Stage.FILED, Stage.REJECTED)


def make_old(url: str) -> None:
    """A database as version 0.1 made and filled it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    old = sa.MetaData()
    old.reflect(engine)
    arrivals_table, documents_table, pages_table = (old.tables[name] for name in ("arrivals", "documents", "pages"))
    time = TIME if engine.dialect.name == "postgresql" else TIME.replace(tzinfo=None)
    with engine.begin() as connection:
        for number, stage in enumerate(STAGES):
            sha256 = f"{number}" * 64
            connection.execute(documents_table.insert().values(sha256=sha256, size=10, stage=stage.value, pages=1))
            connection.execute(pages_table.insert().values(sha256=sha256, number=1, reading="{}"))
            _insert_arrival(connection, arrivals_table, f"{number}.tif", sha256, time)
        _insert_arrival(connection, arrivals_table, "again.tif", "0" * 64, time, is_duplicate=True)
        _insert_arrival(connection, arrivals_table, "locked.tif", None, time, refusal="no permission")


def _insert_arrival(
    connection: sa.Connection, table: sa.Table, source: str, sha256: str | None, time: datetime, **more: object
) -> None:
    values = {"source": source, "sha256": sha256, "path": source.encode(), "received_at": time, "is_duplicate": False}
    connection.execute(table.insert().values(values | more))
