"""The queries of look-ups, each built once; every one takes a list of any length as a single parameter."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from worker.db.registry_counts import FOLDED, ID_COLUMNS, key_of
from worker.db.request_writer import COLUMNS
from worker.db.search_tables import FURTHER_NAMES, REGISTRY_COUNTS
from worker.db.tables import REQUESTS
from worker.matching.registry import Trait

Statement = sa.Select[tuple[object, ...]] | sa.CompoundSelect[tuple[object, ...]]


@cache
def values_of(dialect: str, name: str) -> sa.TableValuedAlias:
    """The parameter `name` as rows with one column, `value`: a list in PostgreSQL, a JSON array in SQLite.

    Hundreds of parameters would take longer to prepare than the look-up.
    """
    if dialect != "postgresql":
        return sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued(sa.column("value", sa.Text), name=name)
    texts = postgresql.ARRAY(sa.Text)
    rows = sa.func.unnest(sa.cast(sa.bindparam(name, type_=texts), texts))
    return rows.table_valued(sa.column("value", sa.Text), name=name).render_derived()


@cache
def with_keys(dialect: str) -> Statement:
    """Requests of which an id folds to one of the values of the parameter named after the kind, with kind and value."""
    parts = []
    for kind, key in FOLDED.items():
        asked = values_of(dialect, kind.name)
        joined = asked.join(REQUESTS, key == asked.c.value)
        parts.append(sa.select(sa.literal_column(f"'{kind.value}'"), key, *COLUMNS).select_from(joined))
    return sa.union_all(*parts)


@cache
def ids_with_keys(dialect: str) -> Statement:
    """The same, but only kind, folded text, and the ids themselves."""
    parts = []
    for kind, key in FOLDED.items():
        asked = values_of(dialect, kind.name)
        joined = asked.join(REQUESTS, key == asked.c.value)
        parts.append(sa.select(sa.literal_column(f"'{kind.value}'"), key, ID_COLUMNS[kind]).select_from(joined))
    return sa.union(*parts)


@cache
def with_names(dialect: str) -> Statement:
    """Requests of members with one of `names` (registry.look_name), each with that name."""
    asked, again = values_of(dialect, "names"), values_of(dialect, "names")
    own = asked.join(REQUESTS, REQUESTS.c.look_name == asked.c.value)
    further = again.join(FURTHER_NAMES, FURTHER_NAMES.c.look_name == again.c.value).join(
        REQUESTS, REQUESTS.c.request_id == FURTHER_NAMES.c.request_id
    )
    return sa.union_all(
        sa.select(REQUESTS.c.look_name, *COLUMNS).select_from(own),
        sa.select(FURTHER_NAMES.c.look_name, *COLUMNS).select_from(further),
    )


@cache
def born_on(dialect: str) -> Statement:
    """Requests of members born on one of `days` (in ISO form)."""
    asked = values_of(dialect, "days")
    day = sa.cast(asked.c.value, sa.Date) if dialect == "postgresql" else asked.c.value
    return sa.select(*COLUMNS).select_from(asked.join(REQUESTS, REQUESTS.c.date_of_birth == day))


@cache
def amounts(dialect: str) -> Statement:
    """What of `counted` (registry_counts.key_of) is counted, and the members of each of the full `names`."""
    counted, names = values_of(dialect, "counted"), values_of(dialect, "names")
    stored = counted.join(REGISTRY_COUNTS, REGISTRY_COUNTS.c.what == counted.c.value)
    named = names.join(REQUESTS, REQUESTS.c.look_name == names.c.value)
    full = sa.literal_column(f"'{key_of(Trait.FULL_NAME, '')}'", sa.Text).concat(names.c.value)
    return sa.union_all(
        sa.select(REGISTRY_COUNTS.c.what, REGISTRY_COUNTS.c.amount).select_from(stored),
        sa.select(full, sa.func.count(REQUESTS.c.member_id.distinct())).select_from(named).group_by(names.c.value),
    )
