"""Pictures drawn by reader processes: under the words that were read, and never at another page's expense."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.builders.bad_files import huge_tiff
from tests.builders.pages import PROSE, STANDARD, black_and_white, faxed, printed, save_tiff, tilted
from worker.domain.picture import picture_size, pose_of
from worker.domain.reading import Region, TextReading, Word
from worker.errors import BadDocumentError
from worker.ocr.asks import PageAsk
from worker.ocr.page_reader import PageReader, ReadingStoppedError
from worker.ocr.picture_bytes import to_pixels


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[PageReader]:
    reader = PageReader(1, tmp_path)
    yield reader
    reader.close()


@pytest.fixture
def fax(tmp_path: Path) -> Path:
    """Standard resolution, fed upside down and askew; then upright."""
    sheets = [tilted(printed(PROSE), 1.5).rotate(180), printed(PROSE)]
    return save_tiff(tmp_path / "fax.tif", [black_and_white(faxed(sheet, STANDARD)) for sheet in sheets], dpi=STANDARD)


def words_of(part: object) -> list[Word]:
    assert isinstance(part, TextReading)
    return [word for line in part.lines for word in line.words if len(word.text) > 3]


def test_every_word_that_was_read_has_ink_in_its_box(reader: PageReader, fax: Path) -> None:
    readings = reader.read(fax, [PageAsk(1, Region.BANDS), PageAsk(2, Region.BANDS)])

    drawn = reader.draw(fax, [pose_of(reading) for reading in readings], {1, 2})

    for reading, picture in zip(readings, drawn, strict=True):
        pixels = to_pixels(picture.page or b"")
        boxes = [word.box for word in words_of(reading.text[0])]
        ink = [float((pixels[b.top : b.top + b.height, b.left : b.left + b.width] < 128).mean()) for b in boxes]
        assert pixels.shape == picture_size(reading)[::-1]
        assert len(boxes) > 10
        assert min(ink) > 0.08 > 2 * float((pixels < 128).mean())
    assert [reading.rotation for reading in readings] == [180, 0]


def test_a_page_that_was_refused_says_why(reader: PageReader, tmp_path: Path) -> None:
    path = huge_tiff(tmp_path / "huge.tif")
    (reading,) = reader.read(path, [PageAsk(1, Region.BANDS)])

    (drawn,) = reader.draw(path, [pose_of(reading)], {1})

    pixels = to_pixels(drawn.page or b"")
    assert pixels.shape == picture_size(reading)[::-1]
    assert 0 < np.mean(pixels < 128) < 0.05


def test_what_fails_costs_only_its_own_pictures(reader: PageReader, fax: Path, tmp_path: Path) -> None:
    poses = [pose_of(reading) for reading in reader.read(fax, [PageAsk(1, Region.BANDS), PageAsk(2, Region.BANDS)])]

    lost = reader.draw(tmp_path / "nothing.tif", poses, {1})

    assert lost == ()
    assert [each.number for each in reader.draw(fax, poses, {1})] == [1, 2]
    (tmp_path / "text.tif").write_text("this is no scan")
    with pytest.raises(BadDocumentError):
        reader.draw(tmp_path / "text.tif", poses, {1})


def test_a_reader_that_was_closed_draws_nothing(reader: PageReader, fax: Path) -> None:
    reader.close()

    with pytest.raises(ReadingStoppedError):
        reader.draw(fax, [], {1})
