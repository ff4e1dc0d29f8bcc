"""Page readings as the reader would give them, from lines of text."""

from worker.domain.reading import Barcode, Box, Line, PageReading, Region, TextReading, Word

LETTER_WIDTH, LINE_HEIGHT = 12, 30


def line(text: str, top: int = 100, confidence: float = 0.95) -> Line:
    """One line of words with boxes as wide as their letters."""
    words, left = [], 100
    for word in text.split():
        words.append(Word(word, Box(left, top, LETTER_WIDTH * len(word), 20), confidence))
        left += LETTER_WIDTH * (len(word) + 1)
    return Line(tuple(words))


def reading(
    number: int, *lines: str, barcode: str = "", region: Region = Region.FULL, confidence: float = 0.95
) -> PageReading:
    """A page on which these lines were read, all of it tried."""
    text = tuple(line(t, 100 + LINE_HEIGHT * k, confidence) for k, t in enumerate(lines))
    codes = (Barcode(barcode, "Code128", Box(900, 50, 400, 80), "zxing"),) if barcode else ()
    return PageReading(number, 1728, 2200, barcodes=codes, text=(TextReading(region, text),))


def blank(number: int) -> PageReading:
    """An empty page."""
    return PageReading(number, 1728, 2200, is_blank=True, text=(TextReading(Region.BANDS, ()),))
