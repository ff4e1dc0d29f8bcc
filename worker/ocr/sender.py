"""The line that a sending fax machine prints above each page: date, time, name, number, `P.003/019`.

It says who sent the page and when, never whose record it is. A first line that does not look like one is part of
the page.
"""

import re
from collections.abc import Sequence

from worker.domain.reading import Word

_CLOCK = re.compile(r"\b\d{1,2}[:.;]\d{2}\b")
_COUNT = re.compile(r"\b(?:P|PG|PAGE)\W{0,2}\d{1,3}\b|(?<![\d/.-])\d{2,3}\s?/\s?\d{2,3}(?![\d/.-]|\s?/)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{3}\D{0,2}\d{3}\D{0,2}\d{4}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
#: A sender's line has at least so many of clock, page count, number and date, and one of the first two.
_ENOUGH = 2
#: What a fax machine never prints, and the head of a record does.
_OF_A_RECORD = re.compile(
    r"\b(?:name|patient|pt\s*[.:]|resident|member|d\.?\s?o\.?\s?b|birth\w*|born|b\.?d|mrn?|acct|account|chart|unit|fin|visit|"
    r"encounter|seen|dos|service|admit\w*|claim)(?!\w)",
    re.IGNORECASE,
)


def is_sender_line(words: Sequence[Word]) -> bool:
    """The words are those of a fax machine's own line."""
    text = " ".join(word.text for word in words)
    if _OF_A_RECORD.search(text):
        return False
    clock, count, number, day = (bool(sign.search(text)) for sign in (_CLOCK, _COUNT, _NUMBER, _DATE))
    return (clock or count) and clock + count + number + day >= _ENOUGH
