"""Reviewing: items that wait for people, what they said, those who sign in, and the log of what they did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is missing; items for what is in review already are made by the first sweep."""
    _extend()
    _make_items()
    _make_opinions()
    _make_openings_and_senders()
    _make_people()
    _make_audit_log()
    _keep_audit_log()


def _extend() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("pages") as table:
        table.add_column(sa.Column("decided_by", sa.Text))
        table.add_column(sa.Column("decided_at", _TIME))
        table.add_column(sa.Column("turn", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("machine", sa.Text))
        table.add_column(sa.Column("quality", sa.Text))
        table.create_index("ix_pages_decided_at", ["decided_at", "outcome", "decided_by", "quality", "sha256"])
    op.create_index("ix_events_sha256", "events", ["sha256"])


def _make_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("risk", sa.Float, nullable=False, server_default="0"),
        sa.Column("unblocks", sa.Integer, nullable=False),
        sa.Column("not_by", sa.Text, nullable=False, server_default=""),
        sa.Column("held_by", sa.Text, nullable=False, server_default=""),
        sa.Column("held_until", _TIME),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.Column("done_by", sa.Text, nullable=False, server_default=""),
        sa.Column("seconds", sa.Float),
        sa.Column("keystrokes", sa.Integer),
    )
    op.create_index("ix_review_items_sha256", "review_items", ["sha256"])
    op.create_index("ix_review_items_turn", "review_items", ["state", "urgency", "risk", "unblocks", "id"])
    op.create_index("ix_review_items_done_at", "review_items", ["done_at"])


def _make_opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("review_items.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("duplicate_of", sa.Text, nullable=False, server_default=""),
        sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("before_by", sa.Text),
        sa.Column("agrees", sa.Boolean, nullable=False),
    )
    op.create_index("ix_opinions_item_id", "opinions", ["item_id"])
    op.create_index("ix_opinions_page", "opinions", ["sha256", "page"])
    op.create_index("ix_opinions_kind", "opinions", ["kind", "agrees", "at"])


def _make_openings_and_senders() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("is_break_glass", sa.Boolean, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("seen_at", _TIME),
        sa.Column("seen_by", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_openings_who", "openings", ["by_name", "sha256", "until"])
    op.create_table(
        "senders",
        sa.Column("sender", sa.Text, primary_key=True),
        sa.Column("provider_npi", sa.Text, primary_key=True),
        sa.Column("provider_name", sa.Text, nullable=False),
        sa.Column("tied_by", sa.Text, nullable=False),
        sa.Column("tied_at", _TIME, nullable=False),
        sa.Column("untied_at", _TIME),
    )


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False, server_default=""),
        sa.Column("may_open_sensitive", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_last_step", sa.Integer, nullable=False, server_default="0"),
        sa.Column("oidc_subject", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("locked_until", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
        sa.UniqueConstraint("oidc_subject", name="uq_people_oidc_subject"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_sha256", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
        sa.Column("used_at", _TIME),
    )
    op.create_index("ix_recovery_codes_name", "recovery_codes", ["name"])
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("data", sa.Text, nullable=False, server_default="{}"),
    )
    op.create_index("ix_sessions_name", "sessions", ["name"])


def _make_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("page", sa.Integer),
        sa.Column("request_id", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for name in ("by_name", "sha256", "request_id", "action"):
        op.create_index(f"ix_audit_log_{name}", "audit_log", [name, "id"])


def _keep_audit_log() -> None:
    """What is written stays as it is: the database itself refuses to change or remove rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_stays_{verb.lower()} BEFORE {verb} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
