"""Fax numbers that reviewers tied to providers, on both databases."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from worker.db import audit_log, senders
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.audit import Entry
from worker.matching.origin import Origin, fax_digits
from worker.pipeline.origin import origin_of

ENTRY = Entry("rita", "127.0.0.1", "tie_sender")
CLINIC = ("5025550100", "1252914290", "ST MARY CLINIC")
SHA = "d" * 64


def arrive(engine: sa.Engine, *numbers: str) -> None:
    """A document that came from these senders."""
    with engine.begin() as connection:
        connection.execute(sa.insert(DOCUMENTS).values(sha256=SHA, size=1, stage="read"))
        for k, number in enumerate(numbers):
            values = {
                "source": f"fax{k}",
                "sha256": SHA,
                "path": b"x",
                "received_at": datetime(2026, 11, 25, tzinfo=UTC),
            }
            connection.execute(sa.insert(ARRIVALS).values(values | {"is_duplicate": k > 0, "sender": number}))


def test_a_number_is_tied_to_providers_on_record(engine: sa.Engine) -> None:
    senders.tie(engine, ENTRY, *CLINIC)
    senders.tie(engine, ENTRY, CLINIC[0], "1999999992", "COUNTY HOSPITAL")

    tied = senders.load_tied(engine, CLINIC[0])

    assert [tie.provider_name for tie in tied] == ["COUNTY HOSPITAL", "ST MARY CLINIC"]
    assert {tie.tied_by for tie in senders.load_all(engine)} == {"rita"}
    assert [row.entry.action for row in audit_log.load(engine)] == ["tie_sender"] * 2


def test_what_is_untied_does_not_count_and_can_be_tied_again(engine: sa.Engine) -> None:
    senders.tie(engine, ENTRY, *CLINIC)

    untied = [senders.untie(engine, ENTRY, *CLINIC[:2]) for _ in range(2)]
    without = senders.load_all(engine)
    senders.tie(engine, ENTRY, *CLINIC)

    assert untied == [True, False]
    assert without == ()
    assert [tie.untied_at for tie in senders.load_all(engine)] == [None]


def test_a_document_is_told_where_it_came_from(engine: sa.Engine) -> None:
    arrive(engine, "clinic@example.org", "+1 (502) 555-0100")
    before = origin_of(engine, SHA)

    senders.tie(engine, ENTRY, *CLINIC)

    assert before == Origin("5025550100", frozenset(), frozenset({"routine"}))
    assert origin_of(engine, SHA) == Origin("5025550100", frozenset({CLINIC[1]}), frozenset({"routine"}))
    assert origin_of(engine, "e" * 64) == Origin()


@pytest.mark.parametrize(
    ("sender", "digits"),
    [
        ("+1 502 555 0100", "5025550100"),
        ("502.555.0100", "5025550100"),
        ("+44 20 7946 0018", "442079460018"),
        ("records@5025550100.example", ""),
        ("unknown", ""),
        ("911", ""),
        ("", ""),
        ("1" * 40, ""),
        ("٥٠٢٥٥٥٠١٠٠", ""),
    ],
)
def test_a_number_is_known_by_its_digits(sender: str, digits: str) -> None:
    found = fax_digits(sender)

    assert found == digits
