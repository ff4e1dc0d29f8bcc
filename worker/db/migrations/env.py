"""Alembic's entry: runs the migrations on the connection that upgrade.py hands over."""

from alembic import context

import worker.db.people_tables
import worker.db.review_tables
import worker.db.search_tables  # noqa: F401 - they belong to METADATA
from worker.db.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter most things in place
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
