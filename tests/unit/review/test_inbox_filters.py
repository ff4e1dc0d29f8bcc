"""The filters of the inbox: addresses that keep them, and what is offered."""

from datetime import UTC, datetime

from worker.domain.inbox import Filters, Group, count
from worker.review.inbox_filters import address, chosen, filters_of, offered

WHEN = datetime(2026, 11, 3, tzinfo=UTC)
GROUPS = (
    Group("routine", "closed", "later", 3, "fax", "exception", "free", "waiting", 4, 9, WHEN),
    Group("expedited", "unsure", "overdue", 0, "fax", "exception", "mine", "waiting", 2, 2, WHEN),
)


def test_addresses_keep_the_filters() -> None:
    filters = Filters(line="a b&c", older=3, whose="mine")

    assert address(filters) == "/inbox?line=a+b%26c&older=3&whose=mine"
    assert address(Filters()) == "/inbox"
    assert filters_of({"line": "a b&c", "older": "3", "whose": "mine", "csrf": "x"}) == filters
    assert filters_of({"older": "-1", "line": "x" * 500}) == Filters(line="x" * 60)


def test_each_value_is_offered_with_what_it_would_show() -> None:
    filters = Filters(line="routine")

    shown = {each.name: each for each in offered(count(GROUPS, filters), filters)}

    assert [(c.label, c.count, c.is_chosen) for c in shown["line"].choices] == [
        ("routine", 4, True),
        ("expedited", 2, False),
    ]
    assert shown["line"].choices[0].url == "/inbox"
    assert shown["line"].choices[1].url == "/inbox?line=expedited"
    assert "channel" not in shown


def test_what_was_chosen_can_be_dropped_even_where_nothing_is_left() -> None:
    filters = Filters(line="appeals", ground="closed")

    assert [(each.label, each.url) for each in chosen(filters)] == [
        ("appeals", "/inbox?ground=closed"),
        ("Request is closed", "/inbox?line=appeals"),
    ]
    assert ("appeals", 0) in [
        (choice.label, choice.count)
        for each in offered(count(GROUPS, filters), filters)
        for choice in each.choices
        if choice.is_chosen
    ]
