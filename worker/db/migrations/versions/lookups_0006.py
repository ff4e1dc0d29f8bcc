"""Look-ups: what matching asks of the registry, answered by index; filled from what is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from worker.db import registry_counts, request_names

revision = "0006"
down_revision = "0005"

_KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make what is missing and fill it, some thousand rows in memory at a time; indexes last, since that is faster."""
    op.add_column("requests", sa.Column("look_name", _KEY, nullable=False, server_default=""))
    op.create_table(
        "further_names",
        sa.Column("look_name", _KEY, primary_key=True),
        sa.Column("request_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registry_counts",
        sa.Column("what", _KEY, primary_key=True),
        sa.Column("amount", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "id_letters",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("length", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("letter", _KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    request_names.fill(op.get_bind())
    op.create_index("ix_further_names_request_id", "further_names", ["request_id"])
    op.create_index("ix_requests_look_name", "requests", ["look_name", "member_id"])
    registry_counts.count_anew(op.get_bind())
