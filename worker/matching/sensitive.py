"""Which pages are sensitive: shown only to those who may see them, or who say why they must."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from worker.domain.decision import Decision
from worker.domain.reading import PageReading, TextReading
from worker.domain.review_policy import ReviewPolicy
from worker.matching.confusions import fold_name

#: A candidate counts as a possible owner from this probability on.
LIKELY = 0.1
_WORD = re.compile(r"\w+")
#: A word that goes on in the next line.
_BROKEN = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


def is_sensitive(text: str, programs: Collection[str], policy: ReviewPolicy) -> bool:
    """The page says one of the policy's words, whole, in singular or plural; or it may belong to a sensitive program.

    `programs` are those of the requests that own the page or are likely to (`possible_owners`).
    """
    sensitive = {program.casefold() for program in policy.sensitive_programs}
    if any(program.casefold() in sensitive for program in programs):
        return True
    said = _in_blanks(_BROKEN.sub("", text))
    return any(word in said for word in _folded(policy.sensitive_words))


def text_of(reading: PageReading) -> str:
    """All that was read on the page, line by line."""
    parts = (part for part in reading.text if isinstance(part, TextReading))
    return "\n".join(line.text for part in parts for line in part.lines)


def possible_owners(decision: Decision | None) -> frozenset[str]:
    """The requests that the page is filed to, or likely belongs to."""
    if decision is None:
        return frozenset()
    likely = {candidate.request_id for candidate in decision.candidates if candidate.probability >= LIKELY}
    return frozenset(likely | ({decision.request_id} if decision.request_id else set()))


@lru_cache(maxsize=16)
def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(folded for word in words if (folded := _in_blanks(word)).strip())


def _in_blanks(text: str) -> str:
    """The words as a stem each, with a blank before and after every one, so that only whole words are found in it."""
    return "".join(f" {_stem(folded)}" for word in _WORD.findall(text) if (folded := fold_name(word))) + " "


def _stem(word: str) -> str:
    """Singular and plural in one form; what looks alike to OCR is folded before."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
