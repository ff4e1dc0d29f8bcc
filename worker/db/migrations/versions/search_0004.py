"""Searching: what requests are found by, and the words on pages; filled from what is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from worker.db import page_words, request_keys

revision = "0004"
down_revision = "0003"

_KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_INDEXES = {
    "ix_requests_request_key": ["request_key"],
    "ix_requests_claim_key": ["claim_key"],
    "ix_requests_member_key": ["member_key"],
    "ix_requests_born": ["date_of_birth", "last_name_id"],
    "ix_requests_last_name": ["last_name_id", "status", "first_name_id"],
    "ix_requests_first_name": ["first_name_id", "status", "provider_id"],
    "ix_requests_provider": ["provider_id", "status", "last_name_id"],
}


def upgrade() -> None:
    """Make what is missing and fill it, some thousand rows in memory at a time; indexes last, since that is faster."""
    _make_registry_tables()
    _make_page_texts()
    request_keys.fill(op.get_bind())
    page_words.fill(op.get_bind())
    for name, columns in _INDEXES.items():
        op.create_index(name, "requests", columns)


def _make_registry_tables() -> None:
    for name in ("request_key", "claim_key", "member_key"):
        op.add_column("requests", sa.Column(name, _KEY, nullable=False, server_default=""))
    for name in ("last_name_id", "first_name_id", "provider_id"):
        op.add_column("requests", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "registry_names",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("name", _KEY, nullable=False),
        sa.UniqueConstraint("kind", "name", name="uq_registry_names_kind_name"),
    )
    op.create_table(
        "name_words",
        sa.Column("kind", sa.String(1), primary_key=True),
        sa.Column("word", _KEY, primary_key=True),
        sa.Column("name_id", sa.Integer, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_keys",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("word", _KEY, primary_key=True),
        sqlite_with_rowid=False,
    )


def _make_page_texts() -> None:
    op.create_table(
        "page_texts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.UniqueConstraint("sha256", "number", name="uq_page_texts_sha256_number"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_page_texts_words ON page_texts USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE page_words USING fts5(words, content='page_texts', content_rowid='id', detail=none, "
        "columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    )
    _follow_page_texts()


def _follow_page_texts() -> None:
    """The index is told of each change: of what was there before too, since it keeps no copy (FTS5, 4.4.3)."""
    add = "INSERT INTO page_words (rowid, words) VALUES (new.id, new.words)"
    remove = "INSERT INTO page_words (page_words, rowid, words) VALUES ('delete', old.id, old.words)"
    for verb, does in (("INSERT", add), ("DELETE", remove), ("UPDATE", f"{remove}; {add}")):
        op.execute(f"CREATE TRIGGER page_texts_{verb.lower()} AFTER {verb} ON page_texts BEGIN {does}; END")
