"""Finding documents, their stories, requests and downloads, on both databases."""

import hashlib
import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.drawn_documents import fax_file, take_in_decided
from tests.builders.requests import JANET, JANET_SPRING, OMAR
from tests.builders.review_cases import RITA, bring, claim, doubtful, file, filed, held, know, letter
from tests.builders.review_site import ServedReview, signed_client
from worker.db import audit_log, documents, pages, review_items
from worker.db.reviews import Work
from worker.domain.audit import Entry
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.review import BY_PERSON, Answer, ItemKind
from worker.domain.task import Step
from worker.filing.requests_folder import request_folder
from worker.matching.review_items import blind_item
from worker.pipeline.correct import open_correction
from worker.pipeline.inbox import occasion_of
from worker.pipeline.review_save import Given, save_review
from worker.pipeline.site import Site

PDF = b"%PDF-1.7 as it was filed"


@pytest.fixture
def served(served_anywhere: ServedReview) -> ServedReview:
    know(served_anywhere.site)
    return served_anywhere


def entries(served: ServedReview, action: str) -> list[Entry]:
    return [each.entry for each in audit_log.load(served.site.shelf.engine) if each.entry.action == action]


def put_pdf(site: Site, request_id: str, sha256: str, numbers: list[int]) -> str:
    name, folder = f"{sha256[:16]}.pdf", request_folder(request_id)
    entry = {"sha256": sha256, "file": name, "file_sha256": hashlib.sha256(PDF).hexdigest()}
    manifest = {"documents": [entry | {"pages": [{"page": number} for number in numbers]}]}
    site.shelf.store.put(f"{folder}/{name}", PDF)
    site.shelf.store.put(f"{folder}/manifest.json", json.dumps(manifest).encode())
    return name


def say(site: Site, sha256: str, *answers: Answer) -> None:
    document = documents.find(site.shelf.engine, sha256)
    assert document is not None
    given = Given(str(uuid.uuid4()), held(site, sha256, RITA), document.revision, answers, Work(1, 1))
    assert save_review(site, RITA, "", given) is None


def test_what_came_last_stands_first(served: ServedReview) -> None:
    bring(served.site, [letter(1), doubtful(2)], name="first.tif")
    bring(served.site, [letter(1)], name="fast.tif", line="expedited")

    everything = signed_client(served, "rita", accept="text/html").get("/documents").text
    expedited = signed_client(served, "lena", accept="text/html").get("/documents").text

    assert everything.index("fast.tif") < everything.index("first.tif")
    assert "1 filed" in everything
    assert "1 to decide" in everything
    assert "fast.tif" in expedited
    assert "first.tif" not in expedited


def test_the_story_the_case_and_each_request_say_where_a_shared_page_stands(served: ServedReview) -> None:
    other = JANET_SPRING.request_id
    sha256 = bring(served.site, [replace(filed(1), also=(other,))], name="chart.tif")
    file(served.site)
    item = open_correction(served.site, sha256)
    page = signed_client(served, "rita", accept="text/html")

    story, case = page.get(f"/documents/{sha256}").text, page.get(f"/items/{item}").text

    assert f'also filed to <a class="id" href="/requests/{other}">' in story
    assert f'"also":["{other}"]' in case.replace(" ", "")
    assert all("chart.tif" in page.get(f"/requests/{each}").text for each in (JANET.request_id, other))


@pytest.mark.parametrize("by", ["receipt", "hash", "file name", "sender", "as people write it"])
def test_documents_are_found_by_what_people_know(served: ServedReview, by: str) -> None:
    sha256 = bring(served.site, [letter(1)], name="wanted.tif")
    page = signed_client(served, "rita", accept="text/html")
    receipt = page.get("/documents").text.split('class="aside id">')[1].split("<")[0]
    typed = {
        "receipt": f"{receipt[:4]}-{receipt[4:]}".lower(),
        "hash": sha256[:12],
        "file name": "WANTED",
        "sender": "5025550100",
        "as people write it": "(502) 555-0100",
    }[by]

    shown = page.get("/documents", params={"q": typed}).text

    assert f'href="/documents/{sha256}"' in shown
    (entry,) = entries(served, "search")
    assert entry.detail["text"] == typed


def test_one_box_finds_requests_and_pages(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1)])
    page = signed_client(served, "rita", accept="text/html")

    member = page.get("/documents", params={"q": "brown janet"}).text
    nothing = page.get("/documents", params={"q": "zzzzqqq"}).text

    assert f'href="/requests/{JANET.request_id}"' in member
    assert "<mark>Brown, Janet</mark>" in member
    assert f"/documents/{sha256}?from=1#page-1" in member
    assert "Nothing was found" in nothing


def test_a_story_tells_all(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)], name="story.tif")
    file(served.site)
    say(served.site, sha256, Answer(2, Outcome.FILED, OMAR.request_id, BY_PERSON, note="Phoned the clinic."))

    sena = signed_client(served, "sena", accept="text/html").get(f"/documents/{sha256}").text
    auditor = signed_client(served, "auda", accept="text/html").get(f"/documents/{sha256}").text

    for part in ("story.tif", "COASTAL PULM", "5025550199", "Names the request.", "The name is the same."):
        assert part in auditor
    assert "Rita Alvarez" in auditor
    assert "Phoned the clinic." in auditor
    assert OMAR.request_id in auditor
    assert "Who looked at it" in auditor
    assert "view document" in auditor
    assert "Correct</button>" not in auditor
    assert "Correct</button>" in sena or "Being filed" in sena
    assert len(entries(served, "view_document")) == 2


def test_a_second_look_stays_blind_in_the_story(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1), doubtful(2)])
    file(served.site)
    say(served.site, sha256, Answer(2, Outcome.FILED, OMAR.request_id, BY_PERSON, note="Phoned the clinic."))

    first, second = (signed_client(served, name, accept="text/html") for name in ("rita", "ravi"))
    own, others = (client.get(f"/documents/{sha256}").text for client in (first, second))
    request = second.get(f"/requests/{OMAR.request_id}").text

    assert "Phoned the clinic." in own
    assert "Phoned the clinic." not in others
    assert OMAR.request_id not in others
    assert "What was decided of page 2 is not shown" in others
    assert "Nothing was received" in request


def test_lines_bound_what_is_shown(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1)])
    name = put_pdf(served.site, JANET.request_id, sha256, [1])
    lena = signed_client(served, "lena")

    asked = [
        lena.get(f"/documents/{sha256}"),
        lena.get(f"/documents/{sha256}/words/1"),
        lena.get(f"/requests/{JANET.request_id}/pdf", params={"file": name}),
        lena.get(f"/documents/{'0' * 64}"),
    ]

    assert [answer.status_code for answer in asked] == [404] * 4
    assert sha256 not in lena.get(f"/requests/{JANET.request_id}").text


def test_words_are_told_on_demand(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1)])
    rita = signed_client(served, "rita")

    assert rita.get(f"/documents/{sha256}/words/1").json() == {"words": "Brown, Janet"}
    assert rita.get(f"/documents/{sha256}/words/9").status_code == 404
    assert [entry.page for entry in entries(served, "view_words")] == [1]


def test_a_long_document_is_shown_in_parts(served: ServedReview) -> None:
    sha256 = bring(served.site, [filed(page) for page in range(1, 121)])

    part = signed_client(served, "rita", accept="text/html").get(f"/documents/{sha256}", params={"from": "77"}).text

    assert "Pages 51 to 100 of 120" in part
    assert 'id="page-51"' in part
    assert 'id="page-100"' in part
    assert 'id="page-50"' not in part
    assert 'id="page-101"' not in part


def test_a_request_and_its_pdf(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1), filed(2), doubtful(3)], name="answer.tif")
    file(served.site)
    name = put_pdf(served.site, JANET.request_id, sha256, [1, 2])
    rita = signed_client(served, "rita", accept="text/html")

    shown = rita.get(f"/requests/{JANET.request_id}").text
    got = rita.get(f"/requests/{JANET.request_id}/pdf", params={"file": name})
    wrong = [rita.get(f"/requests/{JANET.request_id}/pdf", params={"file": f}) for f in ("manifest.json", "../x", "")]

    assert "answer.tif" in shown
    assert "2 of 3" in shown
    assert "03/04/1951" in shown
    assert (got.status_code, got.content) == (200, PDF)
    assert got.headers["Content-Disposition"] == f'attachment; filename="{JANET.request_id}-{name}"'
    assert [answer.status_code for answer in wrong] == [404] * 3
    (entry,) = entries(served, "download")
    assert (entry.sha256, entry.request_id) == (sha256, JANET.request_id)
    assert rita.get("/requests/none").status_code == 404


def test_a_pdf_does_not_tell_where_a_page_is_filed_that_its_reader_may_decide_blind(served: ServedReview) -> None:
    site = served.site
    sha256 = bring(site, [letter(1), filed(2)])
    file(site)
    occasion = occasion_of(site, sha256)
    with site.shelf.engine.begin() as connection:
        audit = blind_item(occasion, ItemKind.AUDIT, (2,), occasion.received_at)
        review_items.put(connection, sha256, [audit])
    address = f"/requests/{JANET.request_id}/pdf?file={put_pdf(site, JANET.request_id, sha256, [1, 2])}"

    got = {name: signed_client(served, name).get(address).status_code for name in ("rita", "supa")}

    assert got == {"rita": 403, "supa": 200}


def test_only_a_supervisor_tries_again(served: ServedReview) -> None:
    sha256 = bring(served.site, [letter(1)])
    assert pages.park(served.site.shelf.engine, claim(served.site, Step.FILE), [], "The disk was full.")

    rita = signed_client(served, "rita").post(f"/documents/{sha256}/retry")
    shown = signed_client(served, "supa", accept="text/html").get(f"/documents/{sha256}").text
    supa = signed_client(served, "supa").post(f"/documents/{sha256}/retry")
    again = signed_client(served, "supa").post(f"/documents/{sha256}/retry")

    assert (rita.status_code, supa.status_code, again.status_code) == (403, 303, 409)
    assert "The disk was full." in shown
    assert "Try again" in shown
    document = documents.find(served.site.shelf.engine, sha256)
    assert document is not None
    assert document.stage is Stage.READ


def test_what_is_sensitive_is_not_told_until_it_is_opened(served: ServedReview, tmp_path: Path) -> None:
    texts = (("Progress Note", "Visit"), ("Progress Note", "Patient continues methadone daily"))
    sha256 = take_in_decided(served.site, fax_file(tmp_path / "fax.tif", texts), texts)
    name = put_pdf(served.site, JANET.request_id, sha256, [2])
    omar = signed_client(served, "omar", accept="text/html")

    found = omar.get("/documents", params={"q": "methadone"}).text
    story = omar.get(f"/documents/{sha256}").text
    words = omar.get(f"/documents/{sha256}/words/2")
    pdf = omar.get(f"/requests/{JANET.request_id}/pdf", params={"file": name})
    omar.post(f"/documents/{sha256}/open", data={"reason": "The patient appealed."})
    opened = omar.get(f"/requests/{JANET.request_id}/pdf", params={"file": name})

    assert "continues" not in found
    assert "Open the document with a reason to read it." in found
    assert "Open the sensitive pages" in story
    assert f"/documents/{sha256}/words/1" in story
    assert f"/documents/{sha256}/words/2" not in story
    assert (words.status_code, pdf.status_code, opened.status_code) == (403, 403, 200)
    assert "Open them on the document&#39;s page with a reason" in pdf.text
    assert omar.get(f"/documents/{sha256}/words/2", headers={"Accept": "application/json"}).json()["words"]
