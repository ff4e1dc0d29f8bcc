"""Pages read with the real engine: words with boxes, barcodes, the sender's line, and honest failures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.builders.pages import FINE, PROSE, black_and_white, faxed, printed, save_tiff, write
from worker.domain.document import DocumentKind
from worker.domain.reading import Line, PageReading, Region, TextReading
from worker.errors import BadDocumentError, MissingToolError
from worker.ocr.asks import FileFacts, Inspect, PageAsk, ReadChunk
from worker.ocr.engine_round import ReadSheet
from worker.ocr.open_document import open_document
from worker.ocr.page_reader import PageReader
from worker.ocr.put_by import PutBy
from worker.ocr.read_chunk import answer, read_chunk
from worker.ocr.sheets import Sheet, open_sheet
from worker.ocr.tesseract import read_lines

SENDER = "11/14/2026 09:47  Lakeshore Family Medicin  492-916-1106   P.001/003"


@pytest.fixture(scope="module")
def fax(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Upright with a sender's line; upside down; blank."""
    sheet = printed(PROSE)
    turned = sheet.rotate(180)
    write(sheet, [SENDER], at_in=(0.3, 0.03), points=9)
    pages = [black_and_white(faxed(page, FINE)) for page in (sheet, turned, Image.new("L", sheet.size, 255))]
    path = tmp_path_factory.mktemp("fax") / "fax.tif"
    save_tiff(path, pages, dpi=FINE)
    return path


def lines_of(reading: PageReading) -> tuple[Line, ...]:
    part = reading.text[0]
    assert isinstance(part, TextReading)
    return part.lines


def read(path: Path, folder: Path, *asks: PageAsk) -> tuple[PageReading, ...]:
    return read_chunk(ReadChunk(path, asks, folder))


def test_words_are_read_with_their_places(fax: Path, tmp_path: Path) -> None:
    (page,) = read(fax, tmp_path, PageAsk(1, Region.BANDS))

    found = next(line for line in lines_of(page) if "Marlow" in line.text)
    assert "03/04/1951" in found.text
    place = found.words[0].box
    assert abs(place.left - 204) < 25
    assert 204 < place.top < 300


def test_the_senders_line_is_evidence_of_its_own(fax: Path, tmp_path: Path) -> None:
    (page,) = read(fax, tmp_path, PageAsk(1, Region.BANDS))

    assert page.sender_line is not None
    assert "492-916-1106" in page.sender_line.text
    assert not any("492-916-1106" in line.text for line in lines_of(page))


def test_the_senders_line_lies_at_the_foot_of_a_page_fed_on_its_head(tmp_path: Path) -> None:
    sheet = printed(PROSE).rotate(180)
    write(sheet, [SENDER], at_in=(0.3, 0.03), points=9)
    save_tiff(tmp_path / "fax.tif", [black_and_white(faxed(sheet, FINE))], dpi=FINE)

    (page,) = read(tmp_path / "fax.tif", tmp_path, PageAsk(1, Region.BANDS))

    assert page.rotation == 180
    assert page.sender_line is not None
    first, last = page.sender_line.words[0].box, page.sender_line.words[-1].box
    assert min(first.top, last.top) > page.height - 60
    assert last.left < page.width / 2 < page.width - 300 < first.left + first.width


def test_a_page_on_its_head_reads_the_same(fax: Path, tmp_path: Path) -> None:
    first, second = read(fax, tmp_path, PageAsk(1, Region.BANDS), PageAsk(2, Region.BANDS))

    assert (first.rotation, second.rotation) == (0, 180)
    assert [line.text for line in lines_of(second)][:3] == [line.text for line in lines_of(first)][:3]


def test_a_blank_page_says_so_and_costs_no_reading(fax: Path, tmp_path: Path) -> None:
    (page,) = read(fax, tmp_path, PageAsk(3, Region.BANDS))

    assert page.is_blank
    assert lines_of(page) == ()


def test_later_looks_turn_the_page_as_the_first_did(fax: Path, tmp_path: Path) -> None:
    regions = (Region.BANDS, Region.WIDER, Region.FULL, Region.PROSE, Region.BANDS_AGAIN)

    *parts, again = (lines_of(page) for page in read(fax, tmp_path, *(PageAsk(2, region, 180) for region in regions)))

    assert sum(map(len, parts)) == len(PROSE)
    assert "Marlow" in " ".join(line.text for line in again)


def test_regions_without_lines_are_known_from_the_first_look(fax: Path, tmp_path: Path) -> None:
    (page,) = read(fax, tmp_path, PageAsk(1, Region.BANDS))

    assert page.has_tried(Region.FULL)
    assert not page.has_tried(Region.WIDER)


def test_nothing_is_left_in_the_work_folder(fax: Path, tmp_path: Path) -> None:
    read(fax, tmp_path, PageAsk(1, Region.BANDS))

    assert list(tmp_path.iterdir()) == []


def test_inspecting_tells_kind_and_pages(fax: Path) -> None:
    assert answer(Inspect(fax)) == FileFacts(DocumentKind.TIFF, 3, ())


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "letter.tif"
    text.write_text("Dear Sir or Madam")

    with pytest.raises(BadDocumentError, match="TIFF"):
        answer(Inspect(text))


def test_a_missing_engine_is_said_not_taken_for_an_empty_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(MissingToolError, match="install"):
        read_lines([np.full((40, 200), 255, np.uint8)], timeout_s=10)


def test_the_reader_spreads_pages_over_children_and_keeps_their_order(fax: Path, tmp_path: Path) -> None:
    reader = PageReader(2, tmp_path)
    seen: list[int] = []
    try:
        asks = [PageAsk(number, Region.BANDS) for number in (3, 1, 2)] * 3
        readings = reader.read(fax, asks, on_page=lambda: seen.append(1))
    finally:
        reader.close()

    assert [reading.number for reading in readings] == [3, 1, 2] * 3
    assert len(seen) == 9


def test_reading_on_needs_the_file_no_more_than_its_name(fax: Path, tmp_path: Path) -> None:
    put_by = PutBy()
    with open_document(fax) as document:
        sheet = open_sheet(document, PageAsk(2, Region.BANDS))
        later = open_sheet(document, PageAsk(2, Region.WIDER, sheet.page.rotation if isinstance(sheet, Sheet) else 0))
    assert isinstance(sheet, Sheet)
    assert isinstance(later, Sheet)
    put_by.keep(fax, sheet)

    known = put_by.take(fax, later.ask)

    assert known is not None
    assert [line.box for line in known.lines] == [line.box for line in later.lines]
    assert put_by.take(fax, PageAsk(1, Region.WIDER, 0)) is None
    assert put_by.take(fax, PageAsk(2, Region.BANDS)) is None


def test_sheets_are_let_go_of_where_they_would_hold_too_much(fax: Path) -> None:
    put_by = PutBy(most_bytes=1)
    with open_document(fax) as document:
        sheet = open_sheet(document, PageAsk(1, Region.BANDS))
    assert isinstance(sheet, Sheet)

    put_by.keep(fax, sheet)

    assert put_by.take(fax, PageAsk(1, Region.WIDER, sheet.page.rotation)) is None


def test_a_line_that_reads_as_nothing_is_told(fax: Path) -> None:
    with open_document(fax) as document:
        sheet = open_sheet(document, PageAsk(2, Region.BANDS))
    assert isinstance(sheet, Sheet)
    long = [k for k, image in enumerate(sheet.images) if image.shape[1] >= 4 * image.shape[0]]

    nothing = ReadSheet(sheet, ((),) * len(sheet.images), None)

    assert long
    assert nothing.unread == len(long)
