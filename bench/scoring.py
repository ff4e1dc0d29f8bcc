"""Compares a run's pages with the truth of a tray: what was misfiled, left to people, lost or doubled.

A page is filed right when its request is the owner or one of `also`; a page of a document that came twice
may also be set aside. Blank pages are nobody's harm: they count as misfiled for no one.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from worker.matching.interval import wilson

#: Situations in which the same pages came before: the second copy may be set aside.
REPEATS = ("same_bytes", "faxed_again", "sent_again")
#: Drawn kinds whose document type has another name.
_TYPES = {"misplaced": "medical_record", "separator": "other"}
#: Stands for a page that is no record, or does not say which kind.
UNCLEAR = "none"
#: Kinds that belong aside or nowhere, never on a person's desk.
ASIDE = ("blank", "separator", "cover_sheet")


@dataclass(frozen=True, slots=True)
class Truth:
    """One page of a tray as it was drawn."""

    source: str
    page: int
    kind: str
    request_id: str | None
    also: tuple[str, ...]
    facets: tuple[tuple[str, str], ...]
    is_repeat: bool
    record_kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a run's pages.csv."""

    outcome: str
    request_id: str | None
    document_type: str
    confidence: str
    reason: str
    record_kind: str = ""


@dataclass(slots=True)
class Tally:
    """Counts of a share of the pages."""

    pages: int = 0
    owned: int = 0
    hits: int = 0
    misfiled: int = 0

    def add(self, verdict: "Verdict", page: Truth) -> None:
        """Count one page."""
        self.pages += 1
        self.owned += page.request_id is not None
        self.hits += verdict.is_hit
        self.misfiled += verdict.is_misfiled

    @property
    def touchless(self) -> float:
        """Share of owned pages that went right with nobody's help."""
        return self.hits / self.owned if self.owned else 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one page. `rows` other than one means lost or doubled."""

    is_misfiled: bool
    is_hit: bool
    is_right: bool
    rows: int


@dataclass(slots=True)
class Score:
    """A run's result."""

    total: Tally = field(default_factory=Tally)
    lost: int = 0
    doubled: int = 0
    strange_rows: int = 0
    documents: int = 0
    whole: int = 0
    by_facet: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    record_kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    bad: list[tuple[Truth, Row | None]] = field(default_factory=list)

    def summary(self) -> dict[str, object]:
        """The result in one flat mapping, for machines."""
        low, high = wilson(self.total.misfiled, self.total.pages)
        return {
            "pages": self.total.pages,
            "misfiled": self.total.misfiled,
            "misfiled_rate": round(self.total.misfiled / max(1, self.total.pages), 6),
            "misfiled_low": round(low, 6),
            "misfiled_high": round(high, 6),
            "touchless": round(self.total.touchless, 4),
            "whole": self.whole,
            "documents": self.documents,
            "lost": self.lost,
            "doubled": self.doubled,
            "strange_rows": self.strange_rows,
        }


def read_truth(path: Path) -> list[Truth]:
    """All pages of truth.json, in order. `situation` entries are optional."""
    pages = []
    for source, bundle in json.loads(path.read_text(encoding="utf-8")).items():
        for number, page in enumerate(bundle["pages"], 1):
            situation = page.get("situation") or bundle.get("situation", "")
            facets = (
                ("channel", bundle["channel"]),
                ("level", bundle["level"]),
                ("order", bundle["order"]),
                ("kind", page["kind"]),
                ("situation", situation),
            )
            is_repeat = situation in REPEATS or bundle.get("situation") in REPEATS[:2]
            also = tuple(page["also"])
            kind = page.get("record_kind") or ""
            pages.append(Truth(source, number, page["kind"], page["request_id"], also, facets, is_repeat, kind))
    return pages


def read_rows(path: Path) -> dict[tuple[str, int], list[Row]]:
    """A run's pages.csv by file name and page."""
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[Path(row["source"]).name, int(row["page"])].append(
                Row(
                    row["outcome"],
                    row["request_id"] or None,
                    row.get("document_type") or "",
                    row.get("confidence") or "",
                    row.get("reason") or "",
                    row.get("record_kind") or "",
                )
            )
    return rows


def judge(page: Truth, rows: list[Row]) -> Verdict:
    """What became of a page."""
    if len(rows) != 1:
        return Verdict(is_misfiled=False, is_hit=False, is_right=False, rows=len(rows))
    row = rows[0]
    is_filed = row.outcome == "filed"
    own = {page.request_id, *page.also} - {None}
    is_misfiled = is_filed and row.request_id not in own and page.kind != "blank"
    is_repeated = page.is_repeat and row.outcome == "set_aside"
    is_hit = page.request_id is not None and ((is_filed and row.request_id in own) or is_repeated)
    if page.request_id is None:
        idle = page.kind in ASIDE
        is_right = row.outcome == "set_aside" if idle else not is_filed
    else:
        is_right = is_hit
    return Verdict(is_misfiled, is_hit, is_right, 1)


def score(pages: Iterable[Truth], rows: Mapping[tuple[str, int], list[Row]]) -> Score:
    """Compare a tray with a run."""
    result = Score()
    left = dict(rows)
    whole: dict[str, bool] = {}
    for page in pages:
        got = left.pop((page.source, page.page), [])
        verdict = judge(page, got)
        result.total.add(verdict, page)
        result.lost += verdict.rows == 0
        result.doubled += verdict.rows > 1
        whole[page.source] = whole.get(page.source, True) and verdict.is_right
        for facet in page.facets:
            result.by_facet[facet].add(verdict, page)
        if len(got) == 1:
            result.types[_TYPES.get(page.kind, page.kind), got[0].document_type] += 1
            result.record_kinds[page.record_kind or UNCLEAR, got[0].record_kind or UNCLEAR] += 1
        if not verdict.is_right:
            result.bad.append((page, got[0] if got else None))
    result.strange_rows = sum(len(extra) for extra in left.values())
    result.documents, result.whole = len(whole), sum(whole.values())
    return result
