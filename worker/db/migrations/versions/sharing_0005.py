"""Sharing: further requests that a page is filed to. Pages of before have one each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table; there is nothing to fill it with."""
    op.create_table(
        "page_also",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Text, primary_key=True),
    )
    op.create_index("ix_page_also_request_id", "page_also", ["request_id"])
