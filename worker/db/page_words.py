"""The words on pages: kept in step with what was read, and found again (FTS5 in SQLite, GIN in PostgreSQL)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from worker.db.codec import reading_from_json
from worker.db.engine import reading, upsert
from worker.db.search_tables import PAGE_TEXTS
from worker.db.tables import DOCUMENTS, PAGES
from worker.domain.reading import PageReading
from worker.matching.page_text import Piece, looked_for, snippet, text_of, words_on

#: Pages that are given at most, whatever is asked for; pages at a time in the migration.
MOST, BATCH = 500, 200

Wanted = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page on which all words stand. `line` is the document's, for rights; `snippet` shows where they stand."""

    sha256: str
    page: int
    line: str
    snippet: tuple[Piece, ...]


def find_pages(engine: sa.Engine, words: str, limit: int = 50, lines: Collection[str] = ()) -> tuple[PageHit, ...]:
    """Pages on which all these words were read, the last one perhaps not typed to its end; the newest pages first.

    `lines`: only documents of these lines (none: of any). No text is an error; none to look for finds nothing.
    """
    wanted = looked_for(words)
    if not wanted:
        return ()
    with reading(engine) as connection:
        is_server = connection.dialect.name == "postgresql"
        query = (
            sa.select(PAGE_TEXTS.c.sha256, PAGE_TEXTS.c.number, PAGE_TEXTS.c.text, DOCUMENTS.c.line)
            .select_from(PAGE_TEXTS.join(DOCUMENTS, DOCUMENTS.c.sha256 == PAGE_TEXTS.c.sha256))
            .where(_has_lexemes(wanted) if is_server else _matches(wanted))
            .order_by(PAGE_TEXTS.c.id.desc())
            .limit(max(0, min(limit, MOST)))
        )
        if lines:
            query = query.where(DOCUMENTS.c.line.in_(lines))
        return tuple(PageHit(row[0], row[1], row[3], snippet(row[2], words)) for row in connection.execute(query))


def keep(connection: sa.Connection, sha256: str, readings: Iterable[PageReading]) -> None:
    """The words of these pages, in the transaction that saves what was read; over what was read of them before."""
    texts = [(page.number, text_of(page)) for page in readings]
    rows = [
        {"its_sha256": sha256, "its_number": number, "its_text": text, "its_words": " ".join(words_on(text))}
        for number, text in texts
    ]
    if rows:
        names = ("sha256", "number", "text", "words")
        values: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(f"its_{name}") for name in names}
        over = {name: values[name] for name in ("text", "words")}
        connection.execute(upsert(connection, PAGE_TEXTS, values, ("sha256", "number"), over), rows)


def forget(connection: sa.Connection, sha256: str) -> None:
    """The document's pages are read anew."""
    connection.execute(sa.delete(PAGE_TEXTS).where(PAGE_TEXTS.c.sha256 == sha256))


def fill(connection: sa.Connection) -> None:
    """The words of all pages that were read before, for the migration that brings them."""
    place = sa.tuple_(PAGES.c.sha256, PAGES.c.number)
    last: tuple[str, int] = ("", 0)
    while True:
        query = sa.select(PAGES.c.sha256, PAGES.c.number, PAGES.c.reading).where(place > sa.tuple_(*last))
        rows = connection.execute(query.order_by(PAGES.c.sha256, PAGES.c.number).limit(BATCH)).all()
        if not rows:
            return
        texts = [(sha256, number, _text_in(read)) for sha256, number, read in rows]
        connection.execute(
            sa.insert(PAGE_TEXTS),
            [{"sha256": s, "number": n, "text": text, "words": " ".join(words_on(text))} for s, n, text in texts],
        )
        last = (rows[-1].sha256, rows[-1].number)


def _text_in(stored: str) -> str:
    """What a page's stored reading says; nothing where an earlier version stored it in another form."""
    try:
        return text_of(reading_from_json(stored))
    except (KeyError, TypeError, ValueError, IndexError):
        return ""


def _has_lexemes(wanted: Wanted) -> sa.ColumnElement[bool]:
    """PostgreSQL's condition, the same expression as its index has. Words are letters and digits: quotes are safe."""
    vector = sa.func.array_to_tsvector(sa.func.string_to_array(PAGE_TEXTS.c.words, sa.literal_column("' '")))
    return vector.op("@@")(sa.cast(_expression(wanted, "'{}'", ":*", (" & ", " | ")), postgresql.TSQUERY))


def _matches(wanted: Wanted) -> sa.ColumnElement[bool]:
    index = sa.table("page_words", sa.column("rowid"), sa.column("page_words"))
    match = index.c.page_words.op("MATCH")(_expression(wanted, '"{}"', "*", (" AND ", " OR ")))
    return PAGE_TEXTS.c.id.in_(sa.select(index.c.rowid).where(match))


def _expression(wanted: Wanted, quoted: str, beginning: str, joints: tuple[str, str]) -> str:
    """All of the words, each as a whole or in its parts; the last may go on."""
    both, either = joints
    terms = []
    for place, (whole, parts) in enumerate(wanted, 1):
        more = beginning if place == len(wanted) else ""
        choices = [quoted.format(whole) + more]
        if parts:
            choices.append("(" + both.join(quoted.format(part) for part in parts) + more + ")")
        terms.append(f"({either.join(choices)})")
    return both.join(terms)
