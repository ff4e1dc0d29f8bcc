"""The service: envelopes of arrivals, the queue of tasks, the outbox, keys and answers of the API."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ENVELOPE_TEXTS = ("sender", "sender_name", "dialled", "station", "operator", "error", "external_id")


def upgrade() -> None:
    """Add what is missing; what stands there stays."""
    _extend_documents()
    _extend_arrivals()
    op.create_index("ix_pages_outcome", "pages", ["outcome"])
    _make_tasks()
    _make_events()
    op.create_table(
        "facts", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Integer, nullable=False)
    )
    _make_api_tables()
    _fill_tasks()


def _extend_documents() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("line", sa.Text, nullable=False, server_default="routine"))
        table.add_column(sa.Column("priority", sa.Integer, nullable=False, server_default="50"))
        table.add_column(sa.Column("position", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("registry_version", sa.Integer, nullable=False, server_default="0"))
        table.create_index("ix_documents_turn", ["stage", "priority", "position"])


def _extend_arrivals() -> None:
    with op.batch_alter_table("arrivals") as table:
        table.add_column(sa.Column("receipt", sa.Text))
        table.add_column(sa.Column("channel", sa.Text, nullable=False, server_default="tray"))
        table.add_column(sa.Column("line", sa.Text, nullable=False, server_default="routine"))
        for name in _ENVELOPE_TEXTS:
            table.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("declared_pages", sa.Integer))
        table.add_column(sa.Column("index", sa.Text, nullable=False, server_default="[]"))
        table.add_column(sa.Column("received_on", sa.Date))
        table.create_unique_constraint("uq_arrivals_receipt", ["receipt"])
        table.create_index("ix_arrivals_external_id", ["external_id"])


def _make_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("first_page", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_page", sa.Integer, nullable=False, server_default="0"),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("token", sa.Text),
        sa.Column("holder", sa.Text),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("step", "subject", "first_page", name="uq_tasks_what"),
    )
    op.create_index("ix_tasks_subject", "tasks", ["subject"])
    op.create_index("ix_tasks_holder", "tasks", ["holder"])
    op.create_index("ix_tasks_urgency", "tasks", ["priority", "position"])


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_events_waiting", "events", ["request_id", "delivered_at"])


def _make_api_tables() -> None:
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("key_sha256"),
    )
    op.create_table(
        "answers",
        sa.Column("key_name", sa.Text, primary_key=True),
        sa.Column("idempotency_key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _fill_tasks() -> None:
    """Documents that version 0.1 left on their way go on from where they stand."""
    op.execute(
        sa.text(
            'UPDATE documents SET position = coalesce((SELECT min(arrivals."order") FROM arrivals '
            "WHERE arrivals.sha256 = documents.sha256), 0)"
        )
    )
    for stage, step in (("received", "open"), ("read", "decide"), ("decided", "file")):
        op.execute(
            sa.text(
                "INSERT INTO tasks (step, subject, priority, position, created_at, due_at) "
                "SELECT :step, sha256, priority, position, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
                "FROM documents WHERE stage = :stage"
            ).bindparams(step=step, stage=stage)
        )
