"""What those hear who watch the service."""

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families as parse

from tests.builders.served import BYTES, PDF, Served, claim, decide, filed, in_review, set_aside
from worker.db import tasks


def numbers(served: Served) -> dict[tuple[str, str], float]:
    text = served.ask.get("/metrics").text
    samples = [sample for family in parse(text) for sample in family.samples]
    return {(each.name.removeprefix("pigeonhole_"), "".join(each.labels.values())): each.value for each in samples}


def test_an_idle_site_is_ready(served: Served) -> None:
    alive, ready = served.ask.get("/healthz"), served.ask.get("/readyz")

    assert alive.json() == {"status": "ok"}
    assert (ready.status_code, ready.json()) == (
        200, {"status": "ok", "database": "ok", "store": "ok", "bell": "none"}
    )  # fmt: skip


def test_without_its_folder_a_site_is_not_ready(served: Served) -> None:
    served.site.home.rename(served.site.home.with_name("away"))

    ready = served.ask.get("/readyz")

    assert (ready.status_code, ready.json()["status"], ready.json()["store"]) == (503, "unready", "down")


def test_metrics_tell_what_waits(served: Served) -> None:
    served.ask.post("/v1/documents", content=BYTES, headers=PDF, params={"line": "expedited"})
    tasks.give_back(served.site.shelf.engine, claim(served.site), timedelta(0), "ValueError", is_counted=True)

    found = numbers(served)

    assert found["documents", "received"] == 1
    assert (found["tasks", "open"], found["tasks", "read"]) == (1, 0)
    assert found["retries", "open"] == 1
    assert (found["queue_documents", "expedited"], found["queue_documents", "routine"]) == (1, 0)
    assert 0 < found["queue_age_seconds", "expedited"] < 60
    assert ("ocr_share", "") not in found


def test_metrics_tell_what_was_done(served: Served) -> None:
    served.ask.post("/v1/documents", content=BYTES, headers=PDF)
    decide(served.site, [filed(1, "R1"), filed(2, "R1"), in_review(3), set_aside(4)])

    found = numbers(served)

    assert (found["pages", "filed"], found["pages", "review"], found["pages", "set_aside"]) == (2, 1, 1)
    assert (found["documents", "filed"], found["parked", ""]) == (1, 0)
    assert found["ocr_share", ""] == 0
    assert found["queue_age_seconds", "routine"] == 0


def test_metrics_hold_no_files_open(served: Served) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(20):
        served.ask.get("/metrics")

    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
