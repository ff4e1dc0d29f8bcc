"""What OCR confuses: folding text so that what looks alike compares equal, and counting what was folded."""

import unicodedata
from functools import lru_cache

#: Words come again and again, on a page and on the next: so many are not folded anew.
_REMEMBERED = 50_000
_DIGIT_LOOKALIKES = str.maketrans(
    {
        "O": "0",
        "Q": "0",
        "D": "0",
        "I": "1",
        "L": "1",
        "|": "1",
        "!": "1",
        "S": "5",
        "$": "5",
        "§": "5",
        "¢": "C",
        "€": "C",
        "B": "8",
        "Z": "2",
        "G": "6",
    }
)
#: For plain ASCII, as nearly all ids are, one table does what otherwise is done for each character: None leaves it out.
_ASCII = [chr(code) for code in range(128)]
_PLAIN_ID = {ord(ch): ch.upper().translate(_DIGIT_LOOKALIKES) for ch in _ASCII}
_FOLDED_ID = {code: ch if ch.isalnum() else None for code, ch in _PLAIN_ID.items()}
_SHAPES = {ord(ch): "9" if ch.isdigit() else "A" if ch.isalpha() else None for ch in _ASCII}
_LETTER_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "!": "i", "5": "s", "$": "s", "8": "b"})
_LETTER_GROUPS = (("rn", "m"), ("vv", "w"))


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """Upper case without accents, blanks and punctuation; letters and digits stay as they are."""
    return "".join(ch for ch in _without_accents(text).upper() if ch.isalnum())


def fold_id(text: str) -> str:
    """An id in which look-alikes are one character: `2O26-S1` and `202651` fold to the same."""
    if text.isascii():
        return text.translate(_FOLDED_ID)
    return "".join(ch for ch in _without_accents(text).upper().translate(_DIGIT_LOOKALIKES) if ch.isalnum())


@lru_cache(maxsize=_REMEMBERED)
def fold_name(text: str) -> str:
    """A name in lower-case letters with look-alikes folded: `Bemard` and `Bernard` fold to the same."""
    folded = _without_accents(text).lower().translate(_LETTER_LOOKALIKES)
    letters = "".join(ch for ch in folded if ch.isalpha())
    for group, one in _LETTER_GROUPS:
        letters = letters.replace(group, one)
    return letters


def shape(text: str) -> str:
    """The pattern of an id: `HMR-2036743` is `AAA9999999`. What ids look like is learned from the registry."""
    if text.isascii():
        return text.translate(_SHAPES)
    return "".join("9" if ch.isdigit() else "A" for ch in plain(text))


def differing_characters(seen: str, true: str) -> int:
    """How many characters of an id had to be folded to see it, for texts that fold to the same."""
    seen, true = plain(seen.replace("|", "1").replace("!", "1").replace("$", "S")), plain(true)
    if len(seen) != len(true):
        return abs(len(seen) - len(true)) + 1
    return sum(a != b for a, b in zip(seen, true, strict=True))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))


#: Which of several of one name it is, folded.
GENERATIONS = frozenset(fold_name(s) for s in ("jr", "sr", "ii", "iii", "iv"))
#: What stands with a name and is no part of it, folded.
SUFFIXES = GENERATIONS | {fold_name(s) for s in ("md", "mr", "mrs", "ms", "dr", "miss")}
