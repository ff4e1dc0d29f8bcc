"""The dashboard's figures out of what was counted, for the lines that a person may see. None is of a person."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import TypeVar

from worker.db.audited import Audited
from worker.db.figures import Decided, Done, Waiting
from worker.db.openings import Opening
from worker.db.waiting import LineQueue
from worker.domain.decision import Outcome
from worker.domain.line import Line
from worker.domain.quality import Quality
from worker.domain.review import ItemKind, ItemState
from worker.matching.interval import wilson
from worker.review import words

Json = dict[str, object]
Counted = TypeVar("Counted", Decided, Waiting, Done, Audited)

#: Reasons that are shown; the rest is one more.
MOST_REASONS = 9
QUALITIES: dict[str, str] = {
    Quality.CLEAR: "Clear",
    Quality.FAIR: "Fair",
    Quality.POOR: "Poor",
    Quality.DAMAGED: "Damaged",
    Quality.NO_TEXT: "No text",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted. `days` are the last seven of the payer's calendar with what was decided on each, today last.

    `qualities` are those of the first pages of some of the items done. `openings` is broken glass with the line of the
    document.
    """

    days: tuple[tuple[date, tuple[Decided, ...]], ...] = ()
    waiting: tuple[Waiting, ...] = ()
    under_way: tuple[LineQueue, ...] = ()
    done: tuple[Done, ...] = ()
    qualities: Mapping[tuple[str, int], str] | None = None
    audited_lately: tuple[Audited, ...] = ()
    audited_ever: tuple[Audited, ...] = ()
    openings: tuple[tuple[str, Opening], ...] = ()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: which lines (None: all of them), the lines of the site, the moment by the payer's clock."""

    may_use: Callable[[str], bool]
    lines: Mapping[str, Line]
    now: datetime


def board(counts: Counts, viewer: Viewer) -> Json:
    """All figures of the dashboard, as the page wants them."""
    days = [(day, _of(viewer, decided)) for day, decided in counts.days]
    today = days[-1][1] if days else []
    week = [each for _, decided in days for each in decided]
    waiting, done = _of(viewer, counts.waiting), _of(viewer, counts.done)
    return {
        "pages": _outcomes(today),
        "touchless": {"today": touchless(today), "days": [_day(day, decided) for day, decided in days]},
        "queue": [_queue(name, waiting, counts.under_way, viewer) for name in _lines(waiting, viewer)],
        "audit": {
            "lately": _audit(_of(viewer, counts.audited_lately)),
            "ever": _audit(_of(viewer, counts.audited_ever)),
            "waiting": sum(item.kind is ItemKind.AUDIT for item in waiting),
        },
        "reasons": _reasons(waiting, done),
        "seconds": _seconds(done),
        "groups": {
            "line": _groups(week, done, lambda d: d.line, lambda d: d.line, {n: n for n in _lines((), viewer)}),
            "channel": _groups(week, done, lambda d: d.channel, lambda d: d.channel, words.CHANNELS),
            "quality": _groups(week, done, lambda d: d.quality, _quality_by(counts), QUALITIES),
        },
        "alerts": [_alert(opening) for line, opening in counts.openings if viewer.may_use(line)],
    }


def touchless(decided: Iterable[Decided]) -> float | None:
    """The share of pages that were filed or set aside without a person; None where there are none."""
    all_pages, untouched = 0, 0
    for each in decided:
        all_pages += each.pages
        untouched += each.pages * (each.outcome is not Outcome.REVIEW and not each.is_by_person)
    return untouched / all_pages if all_pages else None


def audit_words(wrong: int, pages: int) -> str:
    """The misfile rate of the audit sample as a sentence with its 95 % interval."""
    if not pages:
        return "No page has been audited yet: the rate may be anything."
    low, high = wilson(wrong, pages)
    if not wrong:
        return f"0 of {pages:,}: at most {percent(high)}"
    return f"{wrong:,} of {pages:,}: {percent(wrong / pages)}, between {percent(low)} and {percent(high)}"


def percent(share: float) -> str:
    """Two digits that count: `1.2 %`, `0.046 %`, `98 %`."""
    value = share * 100
    digits = 0 if value == 0 else max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f} %"


def quantile(values: Collection[float], share: float) -> float | None:
    """The value that this share of the values does not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else None


def _of(viewer: Viewer, counted: Iterable[Counted]) -> list[Counted]:
    return [each for each in counted if viewer.may_use(each.line)]


def _outcomes(today: Iterable[Decided]) -> Json:
    totals = {outcome: {"machine": 0, "people": 0} for outcome in Outcome}
    for each in today:
        totals[each.outcome]["people" if each.is_by_person else "machine"] += each.pages
    return {outcome.value: total for outcome, total in totals.items()}


def _day(day: date, decided: Iterable[Decided]) -> Json:
    counted = list(decided)
    return {"day": day.isoformat(), "pages": sum(each.pages for each in counted), "share": touchless(counted)}


def _lines(waiting: Iterable[Waiting], viewer: Viewer) -> list[str]:
    """The most urgent line first; lines that are not configured any more last."""
    known = sorted(viewer.lines.values(), key=lambda line: (line.priority, line.name))
    names = [line.name for line in known if viewer.may_use(line.name)]
    return names + sorted({item.line for item in waiting} - set(names))


def _queue(name: str, waiting: Iterable[Waiting], under_way: Iterable[LineQueue], viewer: Viewer) -> Json:
    """One line's items against its clock. The audit sample has no clock, and is not among them."""
    mine = [item for item in waiting if item.line == name and item.kind is not ItemKind.AUDIT]
    hours = [(viewer.now - item.received_at).total_seconds() / 3600 for item in mine]
    line = viewer.lines.get(name)
    return {
        "line": name,
        "items": len(mine),
        "parked": sum(item.state is ItemState.PARKED for item in mine),
        "overdue": sum(item.due_at < viewer.now for item in mine),
        "oldest": round(max(hours), 1) if hours else None,
        "median": round(median(hours), 1) if hours else None,
        "clock": line.clock_hours if line else None,
        "under_way": sum(queue.documents for queue in under_way if queue.line == name),
    }


def _audit(audited: Iterable[Audited]) -> Json:
    counted = list(audited)
    pages, wrong = sum(each.pages for each in counted), sum(each.wrong for each in counted)
    low, high = wilson(wrong, pages)
    return {
        "pages": pages,
        "wrong": wrong,
        "unsettled": sum(each.unsettled for each in counted),
        "rate": wrong / pages if pages else None,
        "low": low,
        "high": high,
        "words": audit_words(wrong, pages),
    }


def _reasons(waiting: Iterable[Waiting], done: Iterable[Done]) -> list[Json]:
    """Why pages came to people: exceptions that wait, and those of the last days that are done."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in waiting:
        counted[item.ground][0] += item.kind is ItemKind.EXCEPTION
    for past in done:
        counted[past.ground][1] += past.kind is ItemKind.EXCEPTION
    ranked = sorted((g for g in counted if sum(counted[g])), key=lambda ground: (-sum(counted[ground]), ground))
    shown = [(words.ground_label(ground), *counted[ground]) for ground in ranked[:MOST_REASONS]]
    if rest := ranked[MOST_REASONS:]:
        shown.append(("All others", sum(counted[g][0] for g in rest), sum(counted[g][1] for g in rest)))
    return [{"label": label, "waiting": waits, "done": past} for label, waits, past in shown]


def _seconds(done: Iterable[Done]) -> Json:
    seconds = [item.seconds for item in done]
    return {"items": len(seconds), "median": quantile(seconds, 0.5), "most": quantile(seconds, 0.9)}


def _quality_by(counts: Counts) -> Callable[[Done], str]:
    qualities = counts.qualities or {}
    return lambda item: qualities.get((item.sha256, item.first_page), "")


def _groups(
    decided: Iterable[Decided],
    done: Iterable[Done],
    of_decided: Callable[[Decided], str],
    of_done: Callable[[Done], str],
    labels: Mapping[str, str],
) -> list[Json]:
    """Pages and seconds by one thing. What is not known of a page is left out."""
    pages: dict[str, list[Decided]] = defaultdict(list)
    items: dict[str, list[Done]] = defaultdict(list)
    for each in decided:
        pages[of_decided(each)].append(each)
    for item in done:
        items[of_done(item)].append(item)
    order = list(labels)
    names = sorted((pages.keys() | items.keys()) - {""}, key=lambda n: (order.index(n) if n in order else 99, n))
    return [
        {
            "label": labels.get(name, name),
            "pages": sum(each.pages for each in pages[name]),
            "touchless": touchless(pages[name]),
            **_seconds(items[name]),
        }
        for name in names
    ]


def _alert(opening: Opening) -> Json:
    return {
        "id": opening.id,
        "by": opening.by_name,
        "sha256": opening.sha256,
        "reason": opening.reason,
        "at": opening.at.isoformat(),
    }
