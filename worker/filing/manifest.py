"""Manifests: small JSON files that say what stands beside them and why. Same facts, same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from worker.domain.decision import Finding
from worker.filing.plan import DocumentPages
from worker.storage.whole import write_whole


def load_manifest(path: Path) -> Mapping[str, object]:
    """The manifest at `path`; empty when there is none or somebody else wrote over it."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_manifest(path: Path, data: Mapping[str, object]) -> None:
    """Write it whole, unless it says exactly this already."""
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    content = text.encode("utf-8", "backslashreplace")
    if not (path.is_file() and path.read_bytes() == content):
        write_whole(path, content)


def arrival_entry(document: DocumentPages) -> dict[str, object]:
    """Where the pages came from."""
    arrival = document.arrival
    return {
        "source": arrival.source,
        "sha256": arrival.sha256,
        "received_at": arrival.received_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def finding_entry(finding: Finding) -> dict[str, object]:
    """One reason, as a sentence with its weight (natural log-odds)."""
    return {
        "name": finding.name,
        "verdict": finding.verdict.value,
        "weight": round(finding.weight, 4),
        "sentence": finding.sentence,
    }
