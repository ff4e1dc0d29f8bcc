"""For those who watch the service: is it alive, can it take documents in, what waits. No key is needed."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from worker.api.access import AtSite
from worker.api.problems import documented
from worker.db import metrics, openings, waiting
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.task import Step
from worker.errors import PigeonholeError, UnreachableError
from worker.pipeline.site import Site

router = APIRouter(tags=["watching"])
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
#: The name of an original that is not there: to ask for it shows whether the store answers.
NOBODYS = "0" * 64
Answer = Literal["ok", "down", "none"]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """`degraded`: the bell is down, so documents that are taken in wait for the sweep. `unready`: none can be."""

    status: Literal["ok", "degraded", "unready"]
    database: Answer
    store: Answer
    bell: Answer


@router.get("/healthz")
async def is_alive() -> Alive:
    """Whether the process answers."""
    return Alive()


@router.get("/readyz", response_model=Ready, responses={503: {"model": Ready, "description": "Not ready."}})
def is_ready(site: AtSite) -> Response:
    """Whether documents can be taken in."""
    database, store, bell = _database(site), _store(site), _bell(site)
    can_take = database == store == "ok"
    status: Literal["ok", "degraded", "unready"] = "unready" if not can_take else "degraded" if bell == "down" else "ok"
    ready = Ready(status=status, database=database, store=store, bell=bell)
    return JSONResponse(ready.model_dump(), 200 if can_take else 503)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **documented(503, 507)},
)
def show_metrics(site: AtSite) -> Response:
    """Counts for Prometheus, from the database; seconds by step come from the workers themselves."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counts(_collect(site)))
    return PlainTextResponse(generate_latest(registry), media_type=PROMETHEUS)


def _database(site: Site) -> Answer:
    try:
        metrics.ping(site.shelf.engine)
    except (sa.exc.SQLAlchemyError, PigeonholeError):
        return "down"
    return "ok"


def _store(site: Site) -> Answer:
    """The folder that uploads go through can be written, and the store behind it answers."""
    if not os.access(site.home, os.R_OK | os.W_OK | os.X_OK):
        return "down"
    try:
        site.shelf.originals.size(NOBODYS)
    except (PigeonholeError, OSError):
        return "down"
    return "ok"


def _bell(site: Site) -> Answer:
    count = getattr(site.bell, "count", None)
    if count is None:
        return "none"
    try:
        count(Step.OPEN)
    except UnreachableError:
        return "down"
    return "ok"


class _Counts(Collector):
    """What was collected, in the form that prometheus-client asks for."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def _collect(site: Site) -> Iterator[Metric]:
    engine = site.shelf.engine
    stages = waiting.count_stages(engine)
    yield _by("documents", "Documents by stage.", "stage", {stage.value: stages.get(stage, 0) for stage in Stage})
    yield GaugeMetricFamily("pigeonhole_parked", "Documents parked for a person.", value=stages.get(Stage.PARKED, 0))
    pages = waiting.count_outcomes(engine)
    yield _by("pages", "Decided pages by outcome.", "outcome", {each.value: pages.get(each, 0) for each in Outcome})
    yield from _queues(site)
    share = metrics.ocr_share(engine)
    if share is not None:
        help_text = "Share of the latest filed pages on which text was read."
        yield GaugeMetricFamily("pigeonhole_ocr_share", help_text, value=share)
    help_text = "Times that somebody broke the glass before sensitive pages, which no supervisor has looked at yet."
    yield GaugeMetricFamily("pigeonhole_break_glass_unseen", help_text, value=openings.count_unseen(engine))


def _queues(site: Site) -> Iterator[Metric]:
    now = datetime.now(UTC)
    lines = {line.line: line for line in waiting.load_lines(site.shelf.engine)}
    oldest = {name: line.oldest for name, line in lines.items()}
    ages = {name: max(0.0, (now - since).total_seconds()) for name, since in oldest.items() if since}
    names = {**dict.fromkeys(site.lines, 0.0), **ages}
    yield _by("queue_age_seconds", "Age of the oldest document at work or waiting, by line.", "line", names)
    number = {name: lines[name].documents if name in lines else 0 for name in names}
    yield _by("queue_documents", "Documents at work or waiting, by line.", "line", number)
    steps = {queue.step: queue for queue in waiting.load_steps(site.shelf.engine)}
    tasks = {step.value: steps[step].tasks if step in steps else 0 for step in Step}
    yield _by("tasks", "Tasks at work or waiting, by step.", "step", tasks)
    again = {step.value: steps[step].retried if step in steps else 0 for step in Step}
    yield _by("retries", "Tasks that failed before and will be tried again, by step.", "step", again)


def _by(name: str, help_text: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"pigeonhole_{name}", help_text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
