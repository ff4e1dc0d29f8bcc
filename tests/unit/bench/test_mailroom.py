"""A whole tray: complete, reproducible, and in the format of the shared one."""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from bench.mailroom import draw_tray, main


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def page_count(path: Path) -> int:
    if path.suffix == ".pdf":
        return len(pypdfium2.PdfDocument(path))
    return int(getattr(Image.open(BytesIO(path.read_bytes())), "n_frames", 1))


def test_truth_has_every_page_of_every_file(tmp_path: Path) -> None:
    pages = draw_tray(tmp_path, 5, 11, requests=2000, only_traps=False)

    truth = json.loads((tmp_path / "truth.json").read_text())

    files = {path.name: page_count(path) for path in (tmp_path / "scans").iterdir()}
    assert files == {name: len(bundle["pages"]) for name, bundle in truth.items()}
    assert sum(files.values()) == pages
    for bundle in truth.values():
        assert {"channel", "level", "order", "upside", "pages"} <= set(bundle)
        assert all({"request_id", "kind", "also"} <= set(page) for page in bundle["pages"])


def test_the_same_seed_gives_the_same_tray(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        draw_tray(tmp_path / name, 2, seed, requests=2000, only_traps=False)

    one, two, other = (digests(tmp_path / name) for name in ("one", "two", "other"))

    assert one == two
    assert one != other


def test_a_tray_of_traps_holds_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tmp_path), "--bundles", "4", "--seed", "5", "--traps"])

    truth = json.loads((tmp_path / "truth.json").read_text())

    situations = {bundle["situation"] for bundle in truth.values()}
    assert not situations & {"barcode_letter", "several_claims", "no_letter"}
    assert "4 bundles" in capsys.readouterr().out
