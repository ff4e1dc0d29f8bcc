"""The auditor's screen: searched, paged, itself on record, and everything on it is text."""

import re

import pytest

from tests.builders.review_site import ServedReview, signed_client
from tests.builders.sign_in import log_of
from worker.db import audit_log
from worker.domain.audit import Entry

SHA = "ab12" * 16


def rows_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', text)]


def link_of(text: str, word: str) -> str:
    found = re.search(rf'href="([^"]+)">{word}<', text)
    return found[1].replace("&amp;", "&") if found else ""


def fill(served: ServedReview, number: int) -> None:
    with served.site.shelf.engine.begin() as connection:
        for n in range(1, number + 1):
            audit_log.add(connection, Entry("rita" if n % 2 else "ravi", "::1", "view_item", SHA, n, f"R-{n}"))


def test_it_is_searched_and_looking_is_noted(served_anywhere: ServedReview) -> None:
    fill(served_anywhere, 6)
    auditor = signed_client(served_anywhere, "auda", accept="text/html")

    by_person = auditor.get("/audit-log", params={"who": "Rita"})
    by_request = auditor.get("/audit-log", params={"request": "R-4"})
    by_document = auditor.get("/audit-log", params={"document": SHA[:8], "action": "view_item"})
    by_day = auditor.get("/audit-log", params={"first": "2001-01-01", "last": "2001-01-31"})

    assert rows_of(by_person.text) == [5, 3, 1]
    assert rows_of(by_request.text) == [4]
    assert rows_of(by_document.text) == [6, 5, 4, 3, 2, 1]
    assert "Nothing fits" in by_day.text
    last = log_of(served_anywhere.site)[-1].entry
    assert (last.by_name, last.action) == ("auda", "view_audit_log")
    assert last.detail["filters"] == {"first": "2001-01-01", "last": "2001-01-31"}


def test_it_is_paged_both_ways(served: ServedReview) -> None:
    fill(served, 250)
    auditor = signed_client(served, "auda", accept="text/html")
    filters = {"action": "view_item"}

    first = auditor.get("/audit-log", params=filters)
    second = auditor.get(link_of(first.text, "Older"))
    third = auditor.get(link_of(second.text, "Older"))
    back = auditor.get(link_of(third.text, "Newer"))

    assert [rows_of(page.text)[0] for page in (first, second, third, back)] == [250, 150, 50, 150]
    assert rows_of(back.text) == rows_of(second.text)
    assert (link_of(first.text, "Newer"), link_of(third.text, "Older")) == ("", "")


@pytest.mark.parametrize(
    ("filters", "why"),
    [({"document": "zz"}, "digits of its hash"), ({"first": "yesterday"}, "YYYY-MM-DD")],
)
def test_what_cannot_be_looked_for_is_told(served: ServedReview, filters: dict[str, str], why: str) -> None:
    answer = signed_client(served, "auda", accept="text/html").get("/audit-log", params=filters)

    assert answer.status_code == 422
    assert why in answer.text


def test_markup_in_the_log_is_text(served: ServedReview) -> None:
    evil = "<script>alert(1)</script>"
    entry = Entry(evil, evil, "view_item", None, None, evil, {evil: evil, "deep": {"a": evil}})
    audit_log.append(served.site.shelf.engine, entry)

    answer = signed_client(served, "auda", accept="text/html").get("/audit-log")

    assert "<script>alert" not in answer.text
