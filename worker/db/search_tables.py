"""The tables by which things are found: names and ids of the registry, what is counted of it, the text of pages."""

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

#: Names under which matching looks for a request beside its `look_name`: a double surname has several.
FURTHER_NAMES = sa.Table(
    "further_names",
    METADATA,
    sa.Column("look_name", KeyText, primary_key=True),
    sa.Column("request_id", sa.Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

#: How many members have a trait, and how many ids have a pattern (registry_counts); none is not stored.
REGISTRY_COUNTS = sa.Table(
    "registry_counts",
    METADATA,
    sa.Column("what", KeyText, primary_key=True),  # `surname:brown`, `claim number:A999999`
    sa.Column("amount", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: The characters that stand, or once stood, at a place of the folded ids of one kind and length: what could be one
#: character away from a text is made of these (matching.one_off).
ID_LETTERS = sa.Table(
    "id_letters",
    METADATA,
    sa.Column("kind", sa.Text, primary_key=True),  # registry.IdKind
    sa.Column("length", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("letter", KeyText, primary_key=True),
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
