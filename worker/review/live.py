"""What the dashboard watches: counted once every few seconds for all who look, and sent to each as it changes."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from worker.db import audited, figures, openings, waiting
from worker.db.figures import Decided
from worker.errors import CannotWriteError, UnreachableError
from worker.pipeline.site import Site
from worker.review.board import Counts

#: Seconds between two looks at what changes fast, at what changes slowly, and at days that are over.
FAST, SLOW, PAST = 4.0, 60.0, 900.0
#: The days that are shown, today among them, and those by which the audit sample is "lately".
DAYS, AUDIT_DAYS = 7, 90
#: Items whose quality is looked up.
MOST_QUALITIES = 500
#: How soon a stream notices that the server stops.
TICK = 0.25
AWAY = (UnreachableError, CannotWriteError, sa.exc.OperationalError, sa.exc.TimeoutError)


@dataclass(slots=True)
class Watch:
    """One for the whole site: however many look, the database is asked as often as for one. `streams` look now."""

    site: Site
    _counts: Counts = field(default_factory=Counts)
    streams: int = 0
    _loaded: float = float("-inf")
    _slow: float = float("-inf")
    _days: dict[date, tuple[float, tuple[Decided, ...]]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def latest(self) -> Counts:
        """What was counted at most FAST seconds ago."""
        async with self._turn:
            if time.monotonic() - self._loaded >= FAST:
                self._counts = await run_in_threadpool(self._load)
                self._loaded = time.monotonic()
        return self._counts

    def forget(self) -> None:
        """The next look counts anew."""
        self._loaded = float("-inf")

    def _load(self) -> Counts:
        engine, now = self.site.shelf.engine, self.site.now()
        slow = self._load_slow(now) if time.monotonic() - self._slow >= SLOW else self._counts
        unseen = openings.load_unseen(engine)
        self._days = {day: kept for day, kept in self._days.items() if now.date() - day < timedelta(days=DAYS)}
        lines = figures.load_lines(engine, {opening.sha256 for opening in unseen})
        return Counts(
            days=tuple(self._day(now.date() - timedelta(days=back)) for back in range(DAYS - 1, -1, -1)),
            waiting=figures.load_waiting(engine),
            under_way=slow.under_way,
            done=slow.done,
            qualities=slow.qualities,
            audited_lately=slow.audited_lately,
            audited_ever=slow.audited_ever,
            openings=tuple((lines.get(opening.sha256, ""), opening) for opening in unseen),
        )

    def _load_slow(self, now: datetime) -> Counts:
        engine = self.site.shelf.engine
        done = figures.load_done(engine, now - timedelta(days=DAYS))
        firsts = {(item.sha256, item.first_page) for item in done[:MOST_QUALITIES]}
        found = Counts(
            under_way=waiting.load_lines(engine),
            done=done,
            qualities=figures.load_qualities(engine, firsts),
            audited_lately=audited.count_audited(engine, now - timedelta(days=AUDIT_DAYS)),
            audited_ever=audited.count_audited(engine),
        )
        self._slow = time.monotonic()
        return found

    def _day(self, day: date) -> tuple[date, tuple[Decided, ...]]:
        """What was decided on this day of the payer's calendar; a day that is over is counted rarely."""
        is_today, at = day == self.site.now().date(), time.monotonic()
        if is_today or at - self._days.get(day, (float("-inf"), ()))[0] >= PAST:
            since, until = (
                datetime.combine(each, clock_time(), self.site.zone) for each in (day, day + timedelta(days=1))
            )
            self._days[day] = at, figures.count_decided(self.site.shelf.engine, since, until)
        return day, self._days[day][1]


async def events(
    watch: Watch, shown: Callable[[Counts], object], is_signed: Callable[[], bool], stopping: threading.Event
) -> AsyncIterator[str]:
    """Server-sent events: the figures whenever they change, a sign of life otherwise; `end` once the session is over.

    It ends by itself when the server is told to stop: an endless answer would hold it up.
    """
    watch.streams += 1
    try:
        yield "retry: 5000\n\n"
        async for event in _events(watch, shown, is_signed, stopping):
            yield event
    finally:
        watch.streams -= 1


async def _events(
    watch: Watch, shown: Callable[[Counts], object], is_signed: Callable[[], bool], stopping: threading.Event
) -> AsyncIterator[str]:
    sent = ""
    while not stopping.is_set():
        try:
            if not await run_in_threadpool(is_signed):
                yield "event: end\ndata: signed out\n\n"
                return
            text = json.dumps(shown(await watch.latest()))
        except AWAY:
            text = sent  # the next look may find it again
        yield ": still here\n\n" if text == sent else f"data: {text}\n\n"
        sent = text
        for _ in range(round(FAST / TICK)):
            if stopping.is_set():
                return
            await asyncio.sleep(TICK)
