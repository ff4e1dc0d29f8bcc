"""What a sender may say, and for which line."""

from datetime import UTC, datetime

import pytest

from worker.api.fields import Fields, envelope_of, line_of, merge
from worker.api.problems import ProblemError
from worker.db.keys import ApiKey, Scope
from worker.domain.envelope import Channel, Envelope


def key(*lines: str) -> ApiKey:
    return ApiKey("desk-3", frozenset(Scope), frozenset(lines), datetime(2026, 11, 2, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("given", "lines", "line"),
    [("", (), "routine"), ("", ("expedited",), "expedited"), ("", ("a", "routine"), "routine"), ("b", ("b",), "b")],
)
def test_the_line_is_the_keys_unless_said(given: str, lines: tuple[str, ...], line: str) -> None:
    fields = Fields(line=given)

    found = line_of(fields, key(*lines))

    assert found == line


def test_a_foreign_line_is_refused() -> None:
    fields = Fields(line="expedited")

    with pytest.raises(ProblemError) as refused:
        line_of(fields, key("routine"))

    assert refused.value.status == 403


def test_a_form_says_more_than_the_address() -> None:
    query = Fields(operator="mk", line="routine")

    fields = merge(query, {"line": "expedited", "declared_pages": "12"})

    assert envelope_of(fields, key(), "expedited") == Envelope(
        Channel.API, "expedited", station="desk-3", operator="mk", declared_pages=12
    )


def test_fields_that_do_not_fit_are_named_and_not_quoted() -> None:
    form = {"operator": "Janet\nBrown", "declared_pages": "Omar", "statoin": "Joan"}

    with pytest.raises(ProblemError) as refused:
        merge(Fields(), form)

    assert {where for where, _ in refused.value.errors} == {"form.operator", "form.declared_pages", "form.statoin"}
    said = str(refused.value.errors)
    assert not [name for name in ("Janet", "Omar", "Joan") if name in said]
