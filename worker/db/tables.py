"""The tables. A change here needs a migration in worker/db/migrations/versions (a test compares the two)."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

#: Names of constraints, so that later migrations can find them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = sa.MetaData(naming_convention=NAMING)


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment, aware, in UTC: SQLite forgets time zones, so it stores the UTC clock reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they would be some machine's local time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


#: Text that is compared byte by byte, so that an index finds what begins in a certain way, whatever the locale.
KeyText = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

REQUESTS = sa.Table(
    "requests",
    METADATA,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("claim_number", sa.Text, nullable=False),
    sa.Column("member_id", sa.Text, nullable=False),
    sa.Column("member_last_name", sa.Text, nullable=False),
    sa.Column("member_first_name", sa.Text, nullable=False),
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
    # What it is found by (request_keys): its ids folded, and its names by their numbers in registry_names.
    sa.Column("request_key", KeyText, nullable=False, server_default=""),
    sa.Column("claim_key", KeyText, nullable=False, server_default=""),
    sa.Column("member_key", KeyText, nullable=False, server_default=""),
    sa.Column("last_name_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("first_name_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("provider_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("look_name", KeyText, nullable=False, server_default=""),  # registry.look_name: what matching asks for
    sa.Index("ix_requests_request_key", "request_key"),
    sa.Index("ix_requests_claim_key", "claim_key"),
    sa.Index("ix_requests_member_key", "member_key"),
    sa.Index("ix_requests_born", "date_of_birth", "last_name_id"),
    sa.Index("ix_requests_last_name", "last_name_id", "status", "first_name_id"),
    sa.Index("ix_requests_first_name", "first_name_id", "status", "provider_id"),
    sa.Index("ix_requests_provider", "provider_id", "status", "last_name_id"),
    sa.Index("ix_requests_look_name", "look_name", "member_id"),
)

DOCUMENTS = sa.Table(
    "documents",
    METADATA,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("stage", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text),  # known once the bytes were opened
    sa.Column("pages", sa.Integer),  # known once the bytes were read
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("line", sa.Text, nullable=False, server_default="routine"),  # the most urgent one it came on
    sa.Column("priority", sa.Integer, nullable=False, server_default="50"),
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),  # order of the arrival that began it
    sa.Column("registry_version", sa.Integer, nullable=False, server_default="0"),  # decided with
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),  # counts the changes of its decisions
    sa.Index("ix_documents_turn", "stage", "priority", "position"),
)

ARRIVALS = sa.Table(
    "arrivals",
    METADATA,
    sa.Column("order", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), index=True),  # null: refused
    sa.Column("path", sa.LargeBinary, nullable=False, index=True),  # file names are bytes, not text
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("is_duplicate", sa.Boolean, nullable=False),
    sa.Column("refusal", sa.Text, nullable=False, server_default=""),
    sa.Column("receipt", sa.Text, unique=True),
    sa.Column("channel", sa.Text, nullable=False, server_default="tray"),
    sa.Column("line", sa.Text, nullable=False, server_default="routine"),
    sa.Column("sender", sa.Text, nullable=False, server_default=""),
    sa.Column("sender_name", sa.Text, nullable=False, server_default=""),
    sa.Column("dialled", sa.Text, nullable=False, server_default=""),
    sa.Column("station", sa.Text, nullable=False, server_default=""),
    sa.Column("operator", sa.Text, nullable=False, server_default=""),
    sa.Column("declared_pages", sa.Integer),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("external_id", sa.Text, nullable=False, server_default="", index=True),
    sa.Column("index", sa.Text, nullable=False, server_default="[]"),  # JSON: [[name, value], ...]
    sa.Column("received_on", sa.Date),  # the payer's calendar day, by which clocks run
)

PAGES = sa.Table(
    "pages",
    METADATA,
    sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("reading", sa.Text, nullable=False),  # codec.reading_to_json
    sa.Column("decision", sa.Text),  # codec.decision_to_json; the columns below repeat what is searched
    sa.Column("outcome", sa.Text),
    sa.Column("request_id", sa.Text, index=True),
    sa.Column("document_type", sa.Text),
    sa.Column("confidence", sa.Float),
    sa.Column("reason", sa.Text),
    sa.Column("decided_by", sa.Text),  # the person's name; null: the machine
    sa.Column("decided_at", UtcTime),
    sa.Column("turn", sa.Integer, nullable=False, server_default="0"),  # a person's, on top of the reading's rotation
    sa.Column("machine", sa.Text),  # the machine's last decision where a person's stands in its place
    sa.Column("quality", sa.Text),  # how well the page came, in one word: see domain.quality
    sa.Index("ix_pages_outcome", "outcome"),  # counted at each scrape; the rows themselves are large
    sa.Index("ix_pages_decided_at", "decided_at", "outcome", "decided_by", "quality", "sha256"),
)

#: Further requests that a page is filed to, besides that of its own row; empty unless programs share pages.
PAGE_ALSO = sa.Table(
    "page_also",
    METADATA,
    sa.Column("sha256", sa.String(64), sa.ForeignKey("documents.sha256"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("request_id", sa.Text, primary_key=True, index=True),
)

#: What is to be done: the queue itself. Redis only rings a bell (docs/decisions/0007).
TASKS = sa.Table(
    "tasks",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),  # a document's hash, or a request id
    sa.Column("first_page", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_page", sa.Integer, nullable=False, server_default="0"),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("token", sa.Text),  # of the claim that holds it
    sa.Column("holder", sa.Text, index=True),
    sa.Column("leased_until", UtcTime),
    sa.Column("last_error", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("step", "subject", "first_page", name="uq_tasks_what"),
    sa.Index("ix_tasks_urgency", "priority", "position"),
)

#: The outbox: what others are told about a request, in order of id.
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),  # JSON, ids and counts only
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("delivered_at", UtcTime),
    sa.Index("ix_events_waiting", "request_id", "delivered_at"),
)

#: Counters that several processes share, such as the version of the registry.
FACTS = sa.Table(
    "facts",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

API_KEYS = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),  # separated by blanks
    sa.Column("lines", sa.Text, nullable=False, server_default=""),  # separated by blanks; empty: any
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
)

#: Answers already given, so that an upload that is repeated with the same idempotency key gets the same answer.
ANSWERS = sa.Table(
    "answers",
    METADATA,
    sa.Column("key_name", sa.Text, primary_key=True),
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # of what was sent: another body is an error
    sa.Column("answer", sa.Text, nullable=False),  # JSON
    sa.Column("created_at", UtcTime, nullable=False),
)
