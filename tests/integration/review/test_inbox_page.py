"""The inbox over HTTP: what a person sees and may take, on both databases."""

import pytest

from tests.builders.review_site import ServedReview, signed_client
from tests.builders.waiting_items import Waiting, put_waiting
from worker.db import audit_log, review_items
from worker.domain.audit import Entry
from worker.domain.review import ItemKind, ItemState


def entries(served: ServedReview, action: str) -> list[Entry]:
    return [each.entry for each in audit_log.load(served.site.shelf.engine) if each.entry.action == action]


def test_the_inbox_tells_what_waits(served_anywhere: ServedReview) -> None:
    served = served_anywhere
    engine = served.site.shelf.engine
    ids = put_waiting(engine, Waiting("late.tif", due=-2.5, pages=(1, 3)), Waiting("x<script>.tif", held_by="ravi"))

    shown = signed_client(served, "rita", accept="text/html").get("/inbox", params={"line": "routine"})

    assert shown.status_code == 200
    assert f'href="/items/{ids["late.tif"]}"' in shown.text
    assert "overdue 2 h" in shown.text
    assert "Ravi Menon" in shown.text
    assert "<script>.tif" not in shown.text
    assert shown.text.index("late.tif") < shown.text.index("x&lt;script")
    (entry,) = entries(served, "view_inbox")
    assert entry.detail["filters"] == {"line": "routine"}


@pytest.mark.parametrize("kind", [ItemKind.SECOND_LOOK, ItemKind.AUDIT])
def test_nothing_tells_a_reviewer_that_an_item_is_blind(served_anywhere: ServedReview, kind: ItemKind) -> None:
    engine = served_anywhere.site.shelf.engine
    put_waiting(engine, Waiting("blind.tif", kind=kind, ground="named"), Waiting("plain.tif", ground="closed"))

    reviewer = signed_client(served_anywhere, "rita", accept="text/html").get("/inbox").text
    supervisor = signed_client(served_anywhere, "supa", accept="text/html").get("/inbox").text

    assert "Please decide" in reviewer
    assert "Audit" not in reviewer
    assert "Second look" not in reviewer
    assert "kind=" not in reviewer
    assert {ItemKind.AUDIT: "Audit sample", ItemKind.SECOND_LOOK: "Second look"}[kind] in supervisor
    assert f"kind={kind.value}" in supervisor


def test_next_takes_the_best_that_the_filters_let_through(served_anywhere: ServedReview) -> None:
    served = served_anywhere
    engine = served.site.shelf.engine
    ids = put_waiting(
        engine,
        Waiting("another's", due=1, held_by="ravi"),
        Waiting("seen", due=2, kind=ItemKind.SECOND_LOOK, not_by="rita"),
        Waiting("dispute", due=3, kind=ItemKind.DISAGREEMENT),
        Waiting("slow", due=4),
        Waiting("fast", due=5, line="expedited"),
    )
    rita = signed_client(served, "rita")

    filtered = rita.post("/inbox/next", data={"line": "expedited"})
    review_items.release_all(engine, "rita")
    free = rita.post("/inbox/next")

    assert (filtered.status_code, filtered.headers["Location"]) == (303, f"/items/{ids['fast']}")
    assert free.headers["Location"] == f"/items/{ids['slow']}"
    taken = review_items.find(engine, ids["slow"])
    assert taken is not None
    assert taken.held_by == "rita"
    assert [entry.detail["item"] for entry in entries(served, "take_next")] == [ids["fast"], ids["slow"]]


def test_next_says_when_there_is_nothing(served_anywhere: ServedReview) -> None:
    put_waiting(served_anywhere.site.shelf.engine, Waiting("parked", state=ItemState.PARKED), Waiting("slow"))

    answer = signed_client(served_anywhere, "lena", accept="text/html").post("/inbox/next")

    assert answer.status_code == 200
    assert "There is nothing that you could take" in answer.text
    assert "slow" not in answer.text


def test_only_who_decides_takes(served: ServedReview) -> None:
    put_waiting(served.site.shelf.engine, Waiting("slow"))

    answers = {name: signed_client(served, name).post("/inbox/next").status_code for name in ("supa", "auda", "adam")}
    pages = {name: signed_client(served, name).get("/inbox").status_code for name in ("supa", "auda", "adam")}

    assert answers == {"supa": 403, "auda": 403, "adam": 403}
    assert pages == {"supa": 200, "auda": 200, "adam": 403}


def test_a_long_inbox_is_paged(served: ServedReview) -> None:
    put_waiting(served.site.shelf.engine, *(Waiting(f"fax{n:03}.tif", due=n) for n in range(60)))
    rita = signed_client(served, "rita", accept="text/html")

    first = rita.get("/inbox").text
    after = first.split('rel="next"', 1)[0].rsplit('href="', 1)[1].split('"')[0]
    second = rita.get(after.replace("&amp;", "&")).text

    assert "fax049.tif" in first
    assert "fax050.tif" not in first
    assert "fax050.tif" in second
    assert "fax059.tif" in second
    assert "fax049.tif" not in second


def test_what_is_no_filter_is_left_out(served: ServedReview) -> None:
    rita = signed_client(served, "rita", accept="text/html")

    shown = [rita.get("/inbox", params={name: "0x'\"<b>" * 40}) for name in ("older", "after", "line", "ground", "due")]

    assert [answer.status_code for answer in shown] == [200] * 5
    assert not any("<b>" in answer.text.split("<main", 1)[1].replace("<b>0</b>", "") for answer in shown)
