"""The first tables: requests, documents, arrivals, pages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_requests()
    _make_documents()
    _make_arrivals()
    _make_pages()


def _make_requests() -> None:
    names = ("claim_number", "member_id", "member_last_name", "member_first_name")
    op.create_table(
        "requests",
        sa.Column("request_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
        sa.Column("date_of_birth", sa.Date, nullable=False),
        sa.Column("provider_name", sa.Text, nullable=False),
        sa.Column("provider_npi", sa.Text, nullable=False),
        sa.Column("provider_fax", sa.Text, nullable=False),
        sa.Column("service_from", sa.Date, nullable=False),
        sa.Column("service_to", sa.Date, nullable=False),
        sa.Column("letter_date", sa.Date, nullable=False),
        sa.Column("due_date", sa.Date, nullable=False),
        sa.Column("program", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
    )


def _make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("pages", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("ix_documents_stage", "documents", ["stage"])


def _make_arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("order", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256")),
        sa.Column("path", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_duplicate", sa.Boolean, nullable=False),
        sa.Column("refusal", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("source"),
    )
    op.create_index("ix_arrivals_sha256", "arrivals", ["sha256"])
    op.create_index("ix_arrivals_path", "arrivals", ["path"])


def _make_pages() -> None:
    op.create_table(
        "pages",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("decision", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("document_type", sa.Text),
        sa.Column("confidence", sa.Float),
        sa.Column("reason", sa.Text),
    )
    op.create_index("ix_pages_request_id", "pages", ["request_id"])
