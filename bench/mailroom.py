"""Draws a mailroom tray with truth: `python -m bench.mailroom OUT --bundles N --seed S [--traps]`.

Writes OUT/scans, OUT/requests.csv and OUT/truth.json. The same arguments give the same bytes.
"""

import argparse
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.drawing.channels import Call, Side, send
from bench.drawing.charts import phone
from bench.drawing.wear import LEVELS
from bench.registry import Registry, draw_registry, write_registry
from bench.situations.catalogue import draw_situation
from bench.situations.desk import Desk, Leaf, noted

CHANNELS = {"fax_std": 30, "fax_fine": 25, "scan_200": 12, "scan_300": 8, "scan_gray": 13, "pdf_digital": 6}
SHARES = {"clean": 30, "typical": 50, "poor": 20}


@dataclass(frozen=True, slots=True)
class Bundle:
    """One transmission: its pages and how it comes to us."""

    leaves: tuple[Leaf, ...]
    situation: str
    order: str
    channel: str
    level: str
    is_upside_down: bool
    call: Call

    def truth(self) -> dict[str, object]:
        """The bundle's entry in truth.json."""
        return {
            "channel": self.channel,
            "level": self.level,
            "order": self.order,
            "upside": self.is_upside_down,
            "situation": self.situation,
            "pages": [
                {
                    "request_id": leaf.request_id,
                    "kind": leaf.kind,
                    "record_kind": leaf.sheet.record_kind or None,
                    "also": list(leaf.also),
                    "situation": leaf.note,
                }
                for leaf in self.leaves
            ],
        }

    def file(self, rng: random.Random) -> tuple[bytes, str]:
        """The bytes that arrive and their suffix."""
        turn = 180 if self.is_upside_down else 0
        sides = [Side(leaf.sheet, (leaf.turn + turn) % 360) for leaf in self.leaves]
        return send(sides, self.channel, LEVELS[self.level], self.call, rng)


def draw_bundle(registry: Registry, rng: random.Random, *, only_traps: bool) -> Bundle:
    """One bundle of a drawn situation, channel and level."""
    situation, order = draw_situation(rng, only_traps=only_traps)
    desk = Desk(registry, rng)
    leaves = noted(situation(desk), situation.__name__)
    channel = rng.choices(tuple(CHANNELS), tuple(CHANNELS.values()))[0]
    if situation.__name__ == "duplex_blanks":
        channel = rng.choice(("scan_200", "scan_300", "scan_gray"))
    level = "clean" if channel == "pdf_digital" else rng.choices(tuple(SHARES), tuple(SHARES.values()))[0]
    return Bundle(
        tuple(leaves),
        situation.__name__,
        order,
        channel,
        level,
        is_upside_down=channel != "pdf_digital" and rng.random() < 0.08,
        call=draw_call(registry, rng),
    )


def draw_call(registry: Registry, rng: random.Random) -> Call:
    """A sender's line, whose name need not be the provider's."""
    provider = rng.choice(registry.providers)
    stamp = f"11/{rng.randint(1, 20):02d}/2026 {rng.randint(7, 18):02d}:{rng.randint(0, 59):02d}"
    return Call(stamp, provider.name, phone(provider.fax))


def sent_twice(bundle: Bundle, data: bytes, rng: random.Random) -> tuple[Bundle, bytes]:
    """A bundle once more: the very same bytes, or a fax sent again with new noise and another time on it."""
    if not bundle.channel.startswith("fax") or rng.random() < 0.5:
        return replace(bundle, situation="same_bytes"), data
    again = replace(bundle, situation="faxed_again", call=replace(bundle.call, stamp="11/21/2026 08:02"))
    return again, again.file(rng)[0]


def draw_tray(out: Path, bundles: int, seed: int, *, requests: int, only_traps: bool) -> int:
    """Draw a tray into a folder; gives the number of pages."""
    scans = out / "scans"
    scans.mkdir(parents=True, exist_ok=True)
    registry = draw_registry(seed, requests)
    write_registry(registry, out / "requests.csv")
    truth: dict[str, dict[str, object]] = {}
    pages = 0
    with _progress() as progress:
        for index in progress.track(range(bundles), description="Drawing bundles"):
            rng = random.Random(f"tray {seed} bundle {index}")
            bundle = draw_bundle(registry, rng, only_traps=only_traps)
            data, suffix = bundle.file(rng)
            copies = [(bundle, data)]
            if rng.random() < 0.04:
                copies.append(sent_twice(bundle, data, rng))
            for letter, (sent, content) in zip("ab", copies, strict=False):
                name = f"doc{index:04d}{letter}{suffix}"
                (scans / name).write_bytes(content)
                truth[name] = sent.truth()
                pages += len(sent.leaves)
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return pages


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True
    )


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.mailroom", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bundles", type=int, default=40)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--traps", action="store_true", help="draw nothing but traps")
    given = parser.parse_args(arguments)
    pages = draw_tray(given.out, given.bundles, given.seed, requests=given.requests, only_traps=given.traps)
    print(f"{given.bundles} bundles, {pages} pages in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
