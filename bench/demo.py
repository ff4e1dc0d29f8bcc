"""`python -m bench.demo`: files the samples as a mailroom would, then opens one filed request."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLES = Path("samples")
OUT = Path("demo-out")


def main() -> None:
    """Runs the demo from the repository's folder; exits with the command's own code if that fails."""
    console = Console(highlight=False)
    shutil.rmtree(OUT, ignore_errors=True)
    command = ["process", str(SAMPLES / "scans"), "--requests", str(SAMPLES / "requests.csv"), "--out", str(OUT)]
    console.print(f"$ pigeonhole {' '.join(command)}\n", style="bold")
    done = subprocess.run([sys.executable, "-m", "worker", *command], check=False)
    if done.returncode:
        sys.exit(done.returncode)
    request_id = _fullest_request()
    _open_request(console, request_id)
    _check_expectation(console)
    console.print(f"\nAny page's reasons:  .venv/bin/pigeonhole explain {OUT} {_source_of(request_id)} 1")
    console.print("What the samples are:  samples/README.md")


def _fullest_request() -> str:
    """The request with most pages, out of those that came with others in one document."""
    manifests = [json.loads(path.read_text()) for path in sorted((OUT / "requests").glob("*/manifest.json"))]
    shared = _sources_with_several(manifests)
    from_bundle = [m for m in manifests if len(m["documents"]) == 1 and m["documents"][0]["source"] in shared]
    best = max(from_bundle or manifests, key=lambda m: sum(len(d["pages"]) for d in m["documents"]))
    return str(best["request_id"])


def _sources_with_several(manifests: list[dict[str, list[dict[str, str]]]]) -> set[str]:
    sources = [document["source"] for manifest in manifests for document in manifest["documents"]]
    return {source for source in sources if sources.count(source) > 1}


def _source_of(request_id: str) -> str:
    with (OUT / "pages.csv").open(newline="") as rows:
        return next(row["source"] for row in csv.DictReader(rows) if row["request_id"] == request_id)


def _open_request(console: Console, request_id: str) -> None:
    folder = OUT / "requests" / request_id
    manifest = json.loads((folder / "manifest.json").read_text())
    for document in manifest["documents"]:
        table = Table(title=f"\n{folder / document['file']}: what came for request {request_id}", title_justify="left")
        table.add_column("page", justify="right")
        table.add_column("of document")
        table.add_column("what")
        table.add_column("why it is here")
        for page in document["pages"]:
            where = f"{document['source']}, page {page['page']}"
            kind = page["document_type"].replace("_", " ")
            table.add_row(str(page["page_in_file"]), where, kind, page["reason"])
        console.print(table)


def _check_expectation(console: Console) -> None:
    """Compares with samples/expected.csv, so that the demo shows a wrong result and does not hide it."""
    with (SAMPLES / "expected.csv").open(newline="") as rows:
        expected = {(row["source"], row["page"]): (row["outcome"], row["request_id"]) for row in csv.DictReader(rows)}
    with (OUT / "pages.csv").open(newline="") as rows:
        found = {(row["source"], row["page"]): (row["outcome"], row["request_id"]) for row in csv.DictReader(rows)}
    different = sorted(key for key in expected if found.get(key) != expected[key])
    for source, page in different:
        console.print(f"not as expected: {source} page {page}: {found.get((source, page))}", markup=False)
    console.print(f"\n{len(expected) - len(different)} of {len(expected)} pages went where samples/expected.csv says.")


if __name__ == "__main__":
    main()
