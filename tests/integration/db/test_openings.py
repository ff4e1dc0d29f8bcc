"""Openings of sensitive pages, and broken glass that waits to be seen, on both databases."""

from datetime import timedelta

import sqlalchemy as sa

from worker.db import audit_log, openings
from worker.domain.audit import Entry

DOCUMENT, OTHER = "a" * 64, "b" * 64


def entry(name: str, action: str = "open_sensitive", sha256: str = DOCUMENT) -> Entry:
    return Entry(name, "127.0.0.1", action, sha256)


def open_for(engine: sa.Engine, name: str, minutes: float = 30.0, *, is_break_glass: bool = False) -> None:
    openings.add(engine, entry(name), reason="the patient calls", minutes=minutes, is_break_glass=is_break_glass)


def test_an_opening_is_for_one_person_one_document_and_a_while(engine: sa.Engine) -> None:
    until = openings.add(engine, entry("omar"), reason="the patient calls", minutes=30, is_break_glass=False)
    open_for(engine, "rita", minutes=-1)

    (logged,) = [row for row in audit_log.load(engine) if row.entry.by_name == "omar"]
    assert until - logged.at > timedelta(minutes=29)
    assert openings.is_open(engine, "omar", DOCUMENT)
    assert not openings.is_open(engine, "omar", OTHER)
    assert not openings.is_open(engine, "rita", DOCUMENT)


def test_broken_glass_waits_for_a_supervisor(engine: sa.Engine) -> None:
    open_for(engine, "omar")
    open_for(engine, "rita", is_break_glass=True)

    (unseen,) = openings.load_unseen(engine)

    assert (unseen.by_name, unseen.sha256, unseen.reason) == ("rita", DOCUMENT, "the patient calls")
    assert openings.count_unseen(engine) == 1


def test_it_is_acknowledged_once_and_on_record(engine: sa.Engine) -> None:
    open_for(engine, "rita", is_break_glass=True)
    (unseen,) = openings.load_unseen(engine)

    done = [openings.acknowledge(engine, unseen.id, entry(name, "see_break_glass")) for name in ("supa", "sena")]

    assert done == [True, False]
    assert openings.load_unseen(engine) == ()
    assert [row.entry.by_name for row in audit_log.load(engine) if row.entry.action == "see_break_glass"] == ["supa"]
