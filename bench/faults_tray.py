"""The tray of a campaign: drawn bundles up to a number of pages."""

import json
from pathlib import Path

from bench.faults_attack import Tray
from bench.mailroom import draw_tray

#: Pages of a document at most (many documents tell more than long ones), and requests of the registry.
LONGEST, REQUESTS = 8, 300


def draw(folder: Path, pages: int, seed: int) -> Tray:
    """A tray of at least so many pages, in small documents (at most eight pages), with its registry."""
    draw_tray(folder, max(4, pages // 3), seed, requests=REQUESTS, only_traps=False)
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    chosen, total = [], 0
    for name in sorted(truth):
        count = len(truth[name]["pages"])
        if count <= LONGEST and total < pages:
            chosen.append(folder / "scans" / name)
            total += count
    return Tray(chosen, folder / "requests.csv", total)
