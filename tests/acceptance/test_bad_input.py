"""One tray with everything that goes wrong with files, and good documents among it: each bad one has its line."""

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.acceptance.conftest import REQUESTS
from tests.builders import bad_files
from tests.builders.answers import answer, fax, letter_page, note_page
from tests.builders.command import NO_OVERRIDE, Ended, outcomes, rows, run, tray
from tests.builders.scans import drawn_page, recoded_tiff, scanned_pdf, write_tiff
from worker.domain.request import Request

#: Good documents with two pages each; what surrounds them must not touch them.
GOOD = ("a good one.tif", "m good one.tif", "zz good one.tif")


@dataclass(frozen=True)
class Tray:
    """What was in the tray, and what came of it."""

    scans: Path
    out: Path
    ended: Ended

    @property
    def documents(self) -> dict[str, dict[str, str]]:
        return {row["source"]: row for row in rows(self.out / "documents.csv")}

    def pages(self, source: str) -> list[dict[str, str]]:
        return [row for row in rows(self.out / "pages.csv") if row["source"] == source]


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory, open_requests: Sequence[Request]) -> Tray:
    scans = tmp_path_factory.mktemp("bad") / "scans"
    scans.mkdir()
    for name, request in zip(GOOD, open_requests, strict=False):
        answer(scans / name, request)
    _fill_with_images(scans, open_requests)
    _fill_with_files(scans)
    _fill_with_names(scans)
    prefix = NO_OVERRIDE if os.geteuid() == 0 else ()
    out = scans.parent / "out"
    return Tray(scans, out, run(tray(scans, requests=REQUESTS, out=out), prefix=prefix))


def _fill_with_images(scans: Path, requests: Sequence[Request]) -> None:
    whole = answer(scans / "whole.tif", requests[3], notes=2)
    bad_files.cut_off(scans / "cut.tif", whole, 0.9)
    in_g3 = recoded_tiff(whole, scans / "whole-g3.tif", "-c", "g3:1d")
    bad_files.with_noise(scans / "noisy.tif", in_g3, first=0.1, last=0.2)
    whole.unlink()
    in_g3.unlink()
    pages = [letter_page(requests[4]), note_page(requests[4], 1), note_page(requests[4], 2)]
    bad_files.page_of_rubbish(fax(scans / "hole.tif", pages), 2)
    fax(scans / "black.tif", [Image.new("L", (1700, 2200), 0)])
    bad_files.huge_tiff(scans / "huge.tif")
    bad_files.huge_png(scans / "huge.png")
    bad_files.picture(scans / "photo.pdf", "JPEG", letter_page(requests[5]))


def _fill_with_files(scans: Path) -> None:
    (scans / "empty.tif").touch()
    (scans / "text.tif").write_text("Dear colleagues, please find attached\n")
    bad_files.encrypted_pdf(scans / "locked.pdf", user_password="secret")
    bad_files.encrypted_pdf(scans / "owner only.pdf", user_password="")
    whole = scanned_pdf(scans / "whole.pdf", [drawn_page(f"Page {n}", (850, 1100), "L") for n in (1, 2, 3)])
    bad_files.cut_off(scans / "cut.pdf", whole, 0.6)
    whole.unlink()
    bad_files.long_pdf(scans / "long.pdf", 5_000)
    bad_files.deep_pdf(scans / "deep.pdf", 50_000)
    bad_files.vast_pdf(scans / "vast.pdf")
    bad_files.office_file(scans / "memo.docx")
    bad_files.office_file(scans / "renamed memo.pdf")
    answer_of_nobody = write_tiff(scans / "secret.tif", [drawn_page("Closed", (400, 500))])
    answer_of_nobody.chmod(0)
    (scans / "gone.tif").symlink_to(scans / "never there.tif")
    os.mkfifo(scans / "pipe.tif")


def _fill_with_names(scans: Path) -> None:
    """Each is another page, so that none came before."""
    folder = os.fsencode(scans)
    (scans / "same").mkdir()
    (scans / "other" / "below").mkdir(parents=True)
    seen = (b"two  blanks .tif", b"new\nline.tif", b"=cmd.tif", b"not \xff utf-8.tif", b"same/fax.tif")
    names = [*seen, b"other/fax.tif", b"other/below/fax.tif", b".hidden.tif", b"other/Thumbs.db", b"coming.tif.part"]
    for number, name in enumerate(names):
        page = scans / "page.tif"
        write_tiff(page, [drawn_page(f"Sheet {number}", (850, 1100))], dpi=(100, 100))
        os.rename(page, os.path.join(folder, name))  # noqa: PTH104, PTH118 - the name is bytes


def test_the_run_ends_well(bad: Tray) -> None:
    assert bad.ended.code == 0, bad.ended.stderr
    assert "Traceback" not in bad.ended.stderr
    assert "failed" not in bad.ended.stderr


@pytest.mark.parametrize("number", range(3))
def test_good_documents_are_filed_whatever_lies_beside_them(
    bad: Tray, open_requests: Sequence[Request], number: int
) -> None:
    found = [(row["outcome"], row["request_id"]) for row in bad.pages(GOOD[number])]

    assert found == [("filed", open_requests[number].request_id)] * 2


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("empty.tif", "empty"),
        ("text.tif", "plain text"),
        ("locked.pdf", "locked with a password"),
        ("long.pdf", "5,000 pages"),
        ("deep.pdf", "damaged"),
        ("memo.docx", "Word document"),
        ("renamed memo.pdf", "Word document"),
        ("secret.tif", "no permission"),
        ("gone.tif", "no such file"),
        ("pipe.tif", "not a file"),
    ],
)
def test_what_cannot_be_opened_is_rejected_with_a_reason(bad: Tray, source: str, words: str) -> None:
    row = bad.documents[source]

    assert row["outcome"] == "rejected"
    assert words in row["reason"]
    assert f"rejected: {source}: " in bad.ended.stdout
    assert bad.pages(source) == []


@pytest.mark.parametrize("source", ["huge.tif", "huge.png", "vast.pdf", "black.tif"])
def test_a_page_too_large_or_too_dark_to_read_goes_to_a_person(bad: Tray, source: str) -> None:
    (page,) = bad.pages(source)

    assert page["outcome"] == "review"
    assert (bad.out / page["file"]).is_file()
    assert bad.documents[source]["outcome"] == "processed"


def test_a_page_of_rubbish_costs_no_other_page(bad: Tray, open_requests: Sequence[Request]) -> None:
    first, broken, last = bad.pages("hole.tif")

    assert (first["outcome"], first["request_id"]) == ("filed", open_requests[4].request_id)
    assert (last["outcome"], last["request_id"]) == ("filed", open_requests[4].request_id)
    assert broken["outcome"] == "review"


def test_of_a_cut_off_fax_the_whole_pages_are_filed(bad: Tray, open_requests: Sequence[Request]) -> None:
    pages = bad.pages("cut.tif")

    assert len(pages) in {2, 3}
    assert [(row["outcome"], row["request_id"]) for row in pages[:2]] == [("filed", open_requests[3].request_id)] * 2
    assert "cut off" in bad.documents["cut.tif"]["reason"] or pages[2]["outcome"] == "review"


def test_no_page_of_a_cut_off_pdf_passes_for_blank(bad: Tray) -> None:
    pages = bad.pages("cut.pdf")

    assert pages
    assert {row["outcome"] for row in pages} == {"review"}
    assert "damaged" in bad.documents["cut.pdf"]["reason"]


def test_noise_on_one_page_costs_no_other_page(bad: Tray) -> None:
    first, *others = bad.pages("noisy.tif")

    assert first["outcome"] in {"filed", "review"}
    assert [row["outcome"] for row in others] == ["filed", "filed"]


def test_a_picture_under_a_wrong_name_is_filed(bad: Tray, open_requests: Sequence[Request]) -> None:
    (page,) = bad.pages("photo.pdf")

    assert (page["outcome"], page["request_id"]) == ("filed", open_requests[5].request_id)


def test_a_pdf_that_opens_without_its_password_is_read_and_given_out_without_a_lock(bad: Tray) -> None:
    (page,) = bad.pages("owner only.pdf")

    with pikepdf.open(bad.out / page["file"]) as given_out:
        assert not given_out.is_encrypted
    assert bad.documents["owner only.pdf"]["outcome"] == "processed"


@pytest.mark.parametrize(
    "source",
    [
        "two  blanks .tif", "new\\nline.tif", "./=cmd.tif", "not \\xff utf-8.tif", "same/fax.tif", "other/fax.tif",
        "other/below/fax.tif",
    ],
)  # fmt: skip
def test_odd_names_are_kept_apart_and_printable(bad: Tray, source: str) -> None:
    (page,) = bad.pages(source)

    assert bad.documents[source]["outcome"] == "processed"
    assert (bad.out / page["file"]).is_file()


def test_hidden_and_temporary_files_are_left_alone(bad: Tray) -> None:
    sources = set(bad.documents)

    assert not [source for source in sources if "hidden" in source or "Thumbs" in source or "coming" in source]
    assert "3 hidden or temporary files were left alone" in bad.ended.stdout


def test_every_file_has_one_row_and_its_bytes_are_kept(bad: Tray) -> None:
    visible = [path for path in bad.scans.rglob("*") if not _is_left_alone(path) and not path.is_dir()]
    kept = {path.name for path in (bad.out / "originals").rglob("*") if path.is_file()}

    assert len(bad.documents) == len(visible)
    for row in bad.documents.values():
        assert bool(row["sha256"]) == (row["source"] not in {"secret.tif", "gone.tif", "pipe.tif"})
        assert not row["sha256"] or row["sha256"] in kept
    for name in kept:
        data = next((bad.out / "originals").rglob(name)).read_bytes()
        assert hashlib.sha256(data).hexdigest() == name


def test_a_tray_of_nothing_but_bad_files_says_so(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "empty.tif").touch()
    (scans / "text.tif").write_text("Dear colleagues")

    ended = [run(tray(scans, requests=REQUESTS, out=tmp_path / "out")) for _ in range(2)]

    assert [one.code for one in ended] == [5, 5]
    assert outcomes(tmp_path / "out") == {"empty.tif": "rejected", "text.tif": "rejected"}
    assert "rejected: empty.tif: the file is empty" in ended[0].stdout


def test_a_file_that_is_being_written_waits_for_the_next_run(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    scan, out = tmp_path / "fax.tif", tmp_path / "out"
    whole = answer(tmp_path / "whole", open_requests[6]).read_bytes()
    scan.write_bytes(whole[:1000])
    with _growing(scan):
        first = run(tray(scan, requests=REQUESTS, out=out))
    said = rows(out / "documents.csv")
    scan.write_bytes(whole)

    second = run(tray(scan, requests=REQUESTS, out=out))

    assert (first.code, second.code) == (5, 0), first.stderr + second.stderr
    assert "still being written" in said[0]["reason"]
    assert outcomes(out) == {"fax.tif": "processed"}
    assert [row["request_id"] for row in rows(out / "pages.csv")] == [open_requests[6].request_id] * 2


def _growing(path: Path) -> "_Writer":
    return _Writer(path)


class _Writer:
    """Somebody who appends to a file as fast as he can."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        with self._path.open("ab", buffering=0) as stream:
            while not self._stop.is_set():
                stream.write(bytes(64))


def _is_left_alone(path: Path) -> bool:
    return path.name in {".hidden.tif", "Thumbs.db", "coming.tif.part"}
