"""Manifests: small JSON files that say what stands beside them and why. Same facts, same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC

from worker.domain.decision import Finding
from worker.filing.plan import DocumentPages
from worker.storage.store import Store


def load_manifest(store: Store, key: str) -> Mapping[str, object]:
    """The manifest at `key`; empty when there is none or somebody else wrote over it. Raises UnreachableError."""
    try:
        data = json.loads(store.read(key) or b"")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def write_manifest(store: Store, key: str, data: Mapping[str, object]) -> None:
    """Write it whole, unless it says exactly this already. Raises CannotWriteError and UnreachableError."""
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    content = text.encode("utf-8", "backslashreplace")
    if store.read(key) != content:
        store.put(key, content)


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
