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
    """All that was read on the page, line by line, the sender's first: who sends may be what is sensitive."""
    parts = (part for part in reading.text if isinstance(part, TextReading))
    lines = [line for part in parts for line in part.lines]
    return "\n".join(line.text for line in ([reading.sender_line] if reading.sender_line else []) + lines)


def possible_owners(decision: Decision | None) -> frozenset[str]:
    """The requests that the page is filed to, or likely belongs to."""
    if decision is None:
        return frozenset()
    likely = {candidate.request_id for candidate in decision.candidates if candidate.probability >= LIKELY}
    return frozenset(likely | {*decision.filed_to})


@lru_cache(maxsize=16)
def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(folded for word in words if (folded := _in_blanks(word)).strip())


def _in_blanks(text: str) -> str:
    """The words as a stem each, with a blank before and after every one, so that only whole words are found in it."""
    return " " + "".join(map(_stem, _WORD.findall(text)))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """Singular and plural in one form, what looks alike to OCR folded, and a blank; nothing without letters."""
    folded = fold_name(word)
    if folded.endswith("ies") and len(folded) > 4:
        folded = f"{folded[:-3]}y"
    elif folded.endswith("s") and not folded.endswith("ss") and len(folded) > 3:
        folded = folded[:-1]
    return f"{folded} " if folded else ""
