"""The tables of reviewing: what waits for people, what they said, what they opened."""

import sqlalchemy as sa

from worker.db.tables import METADATA, UtcTime

#: What waits for a person, and what waited. Made and changed in the transactions that change decisions.
REVIEW_ITEMS = sa.Table(
    "review_items",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), nullable=False, index=True),
    sa.Column("pages", sa.Text, nullable=False),  # JSON: page numbers, in order
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("urgency", sa.Integer, nullable=False),  # due_at in whole hours: within one hour, risk decides
    sa.Column("risk", sa.Float, nullable=False, server_default="0"),
    sa.Column("unblocks", sa.Integer, nullable=False),
    sa.Column("not_by", sa.Text, nullable=False, server_default=""),  # names, separated by blanks
    sa.Column("held_by", sa.Text, nullable=False, server_default=""),
    sa.Column("held_until", UtcTime),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("done_at", UtcTime),
    sa.Column("done_by", sa.Text, nullable=False, server_default=""),
    sa.Column("seconds", sa.Float),  # of a person's time
    sa.Column("keystrokes", sa.Integer),
    sa.Index("ix_review_items_turn", "state", "urgency", "risk", "unblocks", "id"),
    sa.Index("ix_review_items_done_at", "done_at"),
)

#: What a person said of a page, never changed: the labelled cases from which matching is fitted again.
OPINIONS = sa.Table(
    "opinions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("item_id", sa.Integer, sa.ForeignKey("review_items.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),  # of the item
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("duplicate_of", sa.Text, nullable=False, server_default=""),
    sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
    sa.Column("before", sa.Text, nullable=False),  # codec.decision_to_json of what stood there, the machine's or not
    sa.Column("before_by", sa.Text),  # null: the machine
    sa.Column("agrees", sa.Boolean, nullable=False),  # the same outcome and request as before
    sa.Index("ix_opinions_page", "sha256", "page"),
    sa.Index("ix_opinions_kind", "kind", "agrees", "at"),
)

#: Sensitive pages that a person opened, with the reason given.
OPENINGS = sa.Table(
    "openings",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("is_break_glass", sa.Boolean, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime),  # a supervisor has acknowledged the alert
    sa.Column("seen_by", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_openings_who", "by_name", "sha256", "until"),
)

#: Fax numbers that a reviewer tied to a provider: evidence from then on.
SENDERS = sa.Table(
    "senders",
    METADATA,
    sa.Column("sender", sa.Text, primary_key=True),  # digits of the calling number
    sa.Column("provider_npi", sa.Text, primary_key=True),
    sa.Column("provider_name", sa.Text, nullable=False),
    sa.Column("tied_by", sa.Text, nullable=False),
    sa.Column("tied_at", UtcTime, nullable=False),
    sa.Column("untied_at", UtcTime),
)
