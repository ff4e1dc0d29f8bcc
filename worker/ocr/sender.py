"""The line that a sending fax machine prints above each page: date, time, name, number, `P.003/019`.

It says who sent the page and when, never whose record it is. A first line that does not look like one is part of
the page.
"""

import re
from collections.abc import Sequence

from worker.domain.reading import Word

_CLOCK = re.compile(r"\b\d{1,2}[:.;]\d{2}\b")
_COUNT = re.compile(r"\b(?:P|PG|PAGE)\W{0,2}\d{1,3}\b|\b\d{2,3}\s?/\s?\d{2,3}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{3}\D{0,2}\d{3}\D{0,2}\d{4}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
#: A sender's line has at least so many of clock, page count, number and date.
_ENOUGH = 2


def is_sender_line(words: Sequence[Word]) -> bool:
    """The words are those of a fax machine's own line."""
    text = " ".join(word.text for word in words)
    return sum(bool(sign.search(text)) for sign in (_CLOCK, _COUNT, _NUMBER, _DATE)) >= _ENOUGH
