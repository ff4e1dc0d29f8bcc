"""The tables of those who sign in, their sessions, and the log of what they did."""

import sqlalchemy as sa

from worker.db.tables import METADATA, UtcTime

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),  # lower case
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),  # separated by blanks
    sa.Column("lines", sa.Text, nullable=False, server_default=""),  # separated by blanks; empty: any
    sa.Column("may_open_sensitive", sa.Boolean, nullable=False),
    sa.Column("password_hash", sa.Text),  # argon2id; null: signs in with OIDC alone
    sa.Column("must_change_password", sa.Boolean, nullable=False),
    sa.Column("totp_secret", sa.Text),  # null: not enrolled yet
    sa.Column("totp_last_step", sa.Integer, nullable=False, server_default="0"),  # no code is taken twice
    sa.Column("oidc_subject", sa.Text, unique=True),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", UtcTime),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("disabled_at", UtcTime),
)

RECOVERY_CODES = sa.Table(
    "recovery_codes",
    METADATA,
    sa.Column("code_sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False, index=True),
    sa.Column("used_at", UtcTime),
)

#: A session is known by the hash of its cookie.
SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False, index=True),
    sa.Column("stage", sa.Text, nullable=False),  # what is still missing: see db.sessions
    sa.Column("csrf", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("ends_at", UtcTime, nullable=False),  # whatever happens
    sa.Column("data", sa.Text, nullable=False, server_default="{}"),  # JSON: what a sign-in in progress must remember
)

#: Append-only, each row chained to the one before; triggers refuse to change or remove rows.
AUDIT_LOG = sa.Table(
    "audit_log",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # counts from 1 without a gap
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),  # empty: nobody who is known
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("page", sa.Integer),
    sa.Column("request_id", sa.Text),
    sa.Column("detail", sa.Text, nullable=False),  # JSON
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_audit_log_by_name", "by_name", "id"),
    sa.Index("ix_audit_log_sha256", "sha256", "id"),
    sa.Index("ix_audit_log_request_id", "request_id", "id"),
    sa.Index("ix_audit_log_action", "action", "id"),
)
