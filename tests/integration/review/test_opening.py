"""Sensitive pages: closed to all until they say why, and to those who may not until they break the glass."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from tests.builders.drawn_documents import fax_file, take_in_decided
from tests.builders.pages import PROSE
from tests.builders.requests import JANET
from tests.builders.review_site import PEOPLE, ServedReview, serving_review, signed_client
from worker.db import audit_log, openings, requests, review_items
from worker.domain.review import ItemKind, NewItem
from worker.domain.review_policy import ReviewPolicy
from worker.pipeline.site import Site
from worker.review.sensitive import sensitivity_of

SENSITIVE = ("Progress Note", "Patient continues methadone 40 mg daily")
TEXTS = (PROSE, SENSITIVE)
REASON = {"reason": "the patient appealed"}


@pytest.fixture
def document(served: ServedReview, tmp_path: Path) -> str:
    """A fax whose second page is sensitive."""
    return take_in_decided(served.site, fax_file(tmp_path / "fax.tif", TEXTS), TEXTS)


def look(client: httpx.Client, document: str, page: int = 2, size: str = "page") -> httpx.Response:
    return client.get(f"/pages/{document}/{page}.png", params={"size": size, "box": "0,0,50,50"})


def kind(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).removeprefix("urn:pigeonhole:")


def actions(site: Site) -> list[str]:
    return [row.entry.action for row in audit_log.load(site.shelf.engine)]


def test_a_closed_page_is_not_shown(served: ServedReview, document: str) -> None:
    client = signed_client(served, "omar")

    refused = [kind(look(client, document, size=size)) for size in ("page", "crop")]

    assert refused == [(403, "sensitive"), (403, "sensitive")]
    assert look(client, document, page=1).status_code == 200
    assert sensitivity_of(served.site, PEOPLE[3], document) == {1: "no", 2: "closed"}


def test_its_thumbnail_is_blurred_and_kept_by_nobody(served: ServedReview, document: str) -> None:
    client = signed_client(served, "omar")
    blurred = look(client, document, size="thumb")
    client.post(f"/documents/{document}/open", json=REASON)

    sharp = look(client, document, size="thumb")

    assert blurred.status_code == sharp.status_code == 200
    assert len(blurred.content) < len(sharp.content)
    assert {answer.headers["Cache-Control"] for answer in (blurred, sharp)} == {"no-store"}


def test_a_reason_opens_the_document_for_who_gave_it(served_anywhere: ServedReview, tmp_path: Path) -> None:
    document = take_in_decided(served_anywhere.site, fax_file(tmp_path / "fax.tif", TEXTS), TEXTS)
    omar, sena = (signed_client(served_anywhere, name) for name in ("omar", "sena"))

    answer = omar.post(f"/documents/{document}/open", json=REASON)

    assert (answer.status_code, answer.json()["breakGlass"]) == (200, False)
    assert look(omar, document).status_code == 200
    assert look(omar, document).headers["Cache-Control"] == "no-store"
    assert look(sena, document).status_code == 403
    assert sensitivity_of(served_anywhere.site, PEOPLE[3], document) == {1: "no", 2: "open"}
    assert actions(served_anywhere.site)[:2] == ["open_sensitive", "view_page"]
    assert openings.load_unseen(served_anywhere.site.shelf.engine) == ()


@pytest.mark.parametrize(
    "body", [{}, {"reason": "because"}, {"reason": "          x         "}, {"reason": "a" * 1001}]
)
def test_without_a_reason_it_stays_closed(served: ServedReview, document: str, body: dict[str, str]) -> None:
    client = signed_client(served, "omar")

    answer = client.post(f"/documents/{document}/open", json=body)

    assert kind(answer) == (422, "reason")
    assert look(client, document).status_code == 403


@pytest.mark.parametrize("content", [b"[]", b"{", b'"reason"', b"\xff"])
def test_what_is_no_answer_is_refused(served: ServedReview, document: str, content: bytes) -> None:
    client = signed_client(served, "omar")

    answer = client.post(f"/documents/{document}/open", content=content, headers={"Content-Type": "application/json"})

    assert kind(answer) == (422, "invalid")


def test_who_may_not_open_must_break_the_glass(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita")

    refused = client.post(f"/documents/{document}/open", json=REASON)

    assert kind(refused) == (403, "break-glass")
    assert look(client, document).status_code == 403
    assert actions(served.site) == []


def test_broken_glass_raises_an_alert_until_a_supervisor_saw_it(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita")

    with capture_logs() as logs:
        answer = client.post(f"/documents/{document}/open", json={**REASON, "breakGlass": True})

    assert answer.json()["breakGlass"] is True
    assert look(client, document).status_code == 200
    assert actions(served.site) == ["break_glass", "view_page"]
    assert [opening.by_name for opening in openings.load_unseen(served.site.shelf.engine)] == ["rita"]
    assert "pigeonhole_break_glass_unseen 1.0" in httpx.get(f"{served.url}/metrics").text
    warnings = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [entry["document"] for entry in warnings] == [document[:16]]
    assert "appealed" not in str(logs)


def test_a_form_leads_back(served: ServedReview, document: str) -> None:
    client = signed_client(served, "rita", accept="text/html")
    form = {**REASON, "breakGlass": "on", "csrf": client.headers["X-CSRF-Token"]}

    answers = [
        client.post(f"/documents/{document}/open", data={**form, "next": after}, headers={"X-CSRF-Token": ""})
        for after in ("/items/17", "//evil.example", "")
    ]
    del client.headers["X-CSRF-Token"]
    answer = client.post(f"/documents/{document}/open", data={**form, "next": "/items/17"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/items/17")
    assert {each.status_code for each in answers} == {403}
    astray = client.post(f"/documents/{document}/open", data={**form, "next": "//evil.example"})
    assert astray.headers["Location"] == f"/documents/{document}"


def test_other_lines_and_those_without_a_right_open_nothing(served: ServedReview, document: str) -> None:
    lena, adam = signed_client(served, "lena"), signed_client(served, "adam")

    codes = [who.post(f"/documents/{document}/open", json=REASON).status_code for who in (lena, adam)]

    assert codes == [404, 403]


@pytest.fixture
def guarded(site: Site) -> Iterator[ServedReview]:
    """A site where the program of Janet's request is sensitive, and what is opened closes at once."""
    policy = ReviewPolicy(sensitive_programs=frozenset({JANET.program}), opened_minutes=0)
    requests.replace_all(site.shelf.engine, [JANET])
    with serving_review(replace(site, review=policy)) as served:
        yield served


def test_pages_that_may_belong_to_a_sensitive_program_are_closed(guarded: ServedReview, tmp_path: Path) -> None:
    path = fax_file(tmp_path / "fax.tif", [PROSE])
    document = take_in_decided(guarded.site, path, [PROSE], owners=[JANET.request_id])

    assert kind(look(signed_client(guarded, "omar"), document, page=1)) == (403, "sensitive")


def test_what_was_opened_closes_again(guarded: ServedReview, tmp_path: Path) -> None:
    path = fax_file(tmp_path / "fax.tif", [PROSE])
    document = take_in_decided(guarded.site, path, [PROSE], owners=[JANET.request_id])
    client = signed_client(guarded, "omar")

    opened = client.post(f"/documents/{document}/open", json=REASON)

    assert opened.status_code == 200
    assert look(client, document, page=1).status_code == 403


def test_a_case_tells_no_word_of_a_closed_page(served: ServedReview, document: str) -> None:
    now = datetime.now(UTC)
    item = NewItem(ItemKind.EXCEPTION, document, (1, 2), "unclear", "It says methadone.", "routine", "fax", now, now)
    with served.site.shelf.engine.begin() as connection:
        review_items.put(connection, document, [item])
    (waiting,) = review_items.load_open(served.site.shelf.engine, document)
    client = signed_client(served, "omar")
    paths = (f"/items/{waiting.id}", f"/items/{waiting.id}/pages/2")

    closed = [client.get(path) for path in paths]
    client.post(f"/documents/{document}/open", json=REASON)
    opened = [client.get(path) for path in paths]

    assert [answer.status_code for answer in closed] == [200, 200]
    assert ["methadone" in answer.text for answer in closed] == [False, False]
    assert ["methadone" in answer.text for answer in opened] == [True, True]
