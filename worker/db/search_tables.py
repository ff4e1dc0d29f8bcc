"""The tables by which people find things: the names of the registry, the keys of their words, the text of pages."""

import sqlalchemy as sa

from worker.db.tables import METADATA, KeyText

#: Every name that the registry bears, once; `requests` refers to it by number.
REGISTRY_NAMES = sa.Table(
    "registry_names",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(1), nullable=False),  # name_words.NameKind
    sa.Column("name", KeyText, nullable=False),  # name_words.name_of
    sa.UniqueConstraint("kind", "name"),
)

#: The names in which a word stands.
NAME_WORDS = sa.Table(
    "name_words",
    METADATA,
    sa.Column("kind", sa.String(1), primary_key=True),
    sa.Column("word", KeyText, primary_key=True),
    sa.Column("name_id", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: The words that a misspelt word may mean: they share a key (name_words.keys_of).
WORD_KEYS = sa.Table(
    "word_keys",
    METADATA,
    sa.Column("key", KeyText, primary_key=True),
    sa.Column("word", KeyText, primary_key=True),
    sqlite_with_rowid=False,
)

#: What was read on each page: `text` to show, `words` (each once, folded) to be found by. Indexed for full-text search
#: by each database's own means (see the migration).
PAGE_TEXTS = sa.Table(
    "page_texts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.UniqueConstraint("sha256", "number"),
)
