"""Draws samples/: `python -m bench.samples [OUT]`. One morning of a mailroom, one situation a document.

Writes scans/, requests.csv, expected.csv and README.md. The bytes are the same every time.
"""

import argparse
import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.drawing.channels import Call, Side, send
from bench.drawing.charts import foreign_symbol, phone
from bench.drawing.mailing import own_letter
from bench.drawing.papers import blank_back
from bench.drawing.wear import LEVELS
from bench.registry import Registry, draw_registry, write_registry
from bench.scoring import ASIDE
from bench.situations.desk import Desk, Leaf, owner
from bench.words import read_words
from worker.domain.request import Request

SEED = 1106
DAY = date(2026, 11, 3)
REQUESTS = 160


@dataclass(frozen=True, slots=True)
class Sample:
    """A document to draw: its name, when and through which channel it came, and what lies in it."""

    name: str
    clock: str
    channel: str
    level: str
    lay: Callable[[Desk], list[Leaf]]
    turn: int = 0


def claim(desk: Desk, request: Request, pages: int) -> list[Leaf]:
    """Our own letter and some record pages."""
    letter = Leaf(own_letter(request), "letter", owner(request))
    return [letter, *desk.pages(desk.chart(request), owner(request), pages)]


def barcode_letter(desk: Desk) -> list[Leaf]:
    """One claim behind our letter."""
    return claim(desk, desk.pick(), 3)


def ocr_letter(desk: Desk) -> list[Leaf]:
    """A letter of another layout, without a symbol."""
    request = desk.pick()
    chart = desk.chart(request)
    pages = [desk.full_page(chart, request.request_id) for _ in range(2)]
    return [desk.letter(request, with_symbol=False), *pages]


def broken_barcode(desk: Desk) -> list[Leaf]:
    """The symbol is scratched, the words are not."""
    request = desk.pick()
    return [desk.letter(request, broken=True), *desk.pages(desk.chart(request), request.request_id, 2)]


def three_claims(desk: Desk) -> list[Leaf]:
    """Three claims in one call, one of them with an invoice."""
    requests = desk.pick_several(3)
    first, second, third = (claim(desk, request, count) for request, count in zip(requests, (2, 3, 1), strict=True))
    return [*first, *second, *third]


def letters_on_top(desk: Desk) -> list[Leaf]:
    """Both letters first, then both charts."""
    requests = desk.pick_several(2)
    letters = [Leaf(own_letter(request), "letter", request.request_id) for request in requests]
    charts = [(desk.chart(request), request.request_id) for request in requests]
    return letters + [desk.full_page(chart, request_id) for chart, request_id in charts for _ in range(2)]


def letter_last(desk: Desk) -> list[Leaf]:
    """The letter behind the records."""
    letter, *pages = claim(desk, desk.pick(), 3)
    return [*pages, letter]


def no_letter(desk: Desk) -> list[Leaf]:
    """The provider's cover sheet and records, no letter."""
    request = desk.pick()
    chart = desk.chart(request)
    pages = [desk.full_page(chart, request.request_id) for _ in range(2)]
    return [desk.cover(request, f"Records for {request.member_last_name}", 3), *pages]


def strangers_page(desk: Desk) -> list[Leaf]:
    """Somebody else's page among the member's."""
    request = desk.pick()
    chart = desk.chart(request)
    first, *rest = [desk.full_page(chart, request.request_id) for _ in range(3)]
    stranger = desk.full_page(desk.strangers_chart(), None, "misplaced")
    return [Leaf(own_letter(request), "letter", request.request_id), first, stranger, *rest]


def duplex_blanks(desk: Desk) -> list[Leaf]:
    """Every front has an empty back."""
    fronts = claim(desk, desk.pick(), 2)
    return [side for leaf in fronts for side in (leaf, Leaf(blank_back(leaf.sheet, desk.rng), "blank"))]


def closed_request(desk: Desk) -> list[Leaf]:
    """Letter and records of a request that is closed."""
    closed = [request for request in desk.registry.requests if not request.is_open]
    return claim(desk, desk.rng.choice(closed), 2)


def foreign_barcodes(desk: Desk) -> list[Leaf]:
    """Labels with codes of their own on the record pages."""
    request = desk.pick()
    chart = desk.chart(request)
    pages = [desk.full_page(chart, request.request_id) for _ in range(3)]
    for leaf in pages:
        foreign_symbol(leaf.sheet, chart, desk.rng)
    return [desk.letter(request), *pages]


SAMPLES = (
    Sample("01-barcode-letter.tif", "07:42", "fax_fine", "clean", barcode_letter),
    Sample("02-ocr-only-letter.tif", "07:55", "fax_fine", "typical", ocr_letter),
    Sample("03-broken-barcode.tif", "08:10", "fax_fine", "typical", broken_barcode),
    Sample("04-three-claims.tif", "08:21", "fax_fine", "clean", three_claims),
    Sample("05-letters-on-top.tif", "08:37", "fax_fine", "typical", letters_on_top),
    Sample("06-letter-last.tif", "08:49", "fax_fine", "clean", letter_last),
    Sample("07-no-letter.pdf", "09:02", "pdf_digital", "clean", no_letter),
    Sample("08-strangers-page.tif", "09:13", "fax_fine", "clean", strangers_page),
    Sample("09-upside-down.tif", "09:20", "fax_fine", "typical", barcode_letter, 180),
    Sample("10-standard-resolution.tif", "09:41", "fax_std", "typical", barcode_letter),
    Sample("11-duplex-blanks.pdf", "09:58", "scan_gray", "clean", duplex_blanks),
    Sample("12-closed-request.tif", "10:06", "fax_fine", "clean", closed_request),
    Sample("13-foreign-barcodes.pdf", "10:15", "scan_gray", "typical", foreign_barcodes),
    Sample("15-damaged.tif", "10:44", "fax_fine", "clean", barcode_letter),
)
#: Sent again: the first sample once more, with new noise and a later time above the pages.
AGAIN = Sample("14-sent-again.tif", "10:31", "fax_fine", "typical", barcode_letter)


def outcome(leaf: Leaf) -> str:
    """Where a page must end."""
    if leaf.kind in ASIDE:
        return "set_aside"
    return "filed" if leaf.request_id else "review"


def document_type(leaf: Leaf) -> str:
    """What a page is, in the words of pages.csv."""
    return "medical_record" if leaf.kind == "misplaced" else leaf.kind


def draw_sample(sample: Sample, registry: Registry, luck: str) -> tuple[bytes, list[Leaf]]:
    """A sample's bytes and pages. The same `luck` lays the same pages, whatever the sample's wear."""
    leaves = sample.lay(Desk(registry, random.Random(f"{SEED} {luck}"), DAY))
    provider = _sender(registry, leaves)
    call = Call(f"{DAY:%m/%d/%Y} {sample.clock}", provider[0], provider[1])
    sides = [Side(leaf.sheet, sample.turn) for leaf in leaves]
    data, _ = send(sides, sample.channel, LEVELS[sample.level], call, random.Random(sample.name))
    return data, leaves


def _sender(registry: Registry, leaves: list[Leaf]) -> tuple[str, str]:
    by_id = {request.request_id: request for request in registry.requests}
    known = [by_id[leaf.request_id] for leaf in leaves if leaf.request_id]
    request = known[0] if known else registry.requests[0]
    return request.provider_name, phone(request.provider_fax)


def draw_samples(out: Path) -> int:
    """Write all samples; gives the number of pages expected."""
    scans = out / "scans"
    scans.mkdir(parents=True, exist_ok=True)
    registry = draw_registry(SEED, REQUESTS)
    write_registry(registry, out / "requests.csv")
    expected: list[tuple[str, int, str, str, str]] = []
    for sample in SAMPLES:
        data, leaves = draw_sample(sample, registry, sample.name)
        if sample.name == "15-damaged.tif":
            data, leaves = cut_short(data, leaves)
        (scans / sample.name).write_bytes(data)
        expected += rows(sample.name, leaves)
    data, leaves = draw_sample(AGAIN, registry, SAMPLES[0].name)
    (scans / AGAIN.name).write_bytes(data)
    expected += [(*row[:2], "set_aside", "", row[4]) for row in rows(AGAIN.name, leaves)]
    with (out / "expected.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("source", "page", "outcome", "request_id", "document_type"))
        writer.writerows(sorted(expected))
    (out / "README.md").write_text("\n".join(read_words("samples_readme")) + "\n", encoding="utf-8")
    return len(expected)


def rows(source: str, leaves: list[Leaf]) -> list[tuple[str, int, str, str, str]]:
    """The rows of expected.csv for one document."""
    return [
        (source, number, outcome(leaf), leaf.request_id or "", document_type(leaf))
        for number, leaf in enumerate(leaves, 1)
    ]


def cut_short(data: bytes, leaves: list[Leaf]) -> tuple[bytes, list[Leaf]]:
    """A TIFF whose end is missing: the last page has no directory any more, those before it are whole."""
    return data[: len(data) - len(data) // (2 * len(leaves))], leaves[:-1]


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.samples", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("samples"))
    given = parser.parse_args(arguments)
    print(f"{draw_samples(given.out)} pages in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
