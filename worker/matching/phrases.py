"""Phrases by which pages are known, found through what OCR makes of them.

A phrase is a regular expression of lower-case words in which a blank matches whatever stands between two words. Letters
that OCR confuses (0/o, 1/l/i, 5/s, 8/b, rn/m, vv/w) are the same letter in text and phrase.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

K = TypeVar("K", bound=StrEnum)

_ALIKE = {"0": "o", "1": "i", "l": "i", "5": "s", "8": "b"}
_FOLDS = str.maketrans({**{chr(code): chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}, **_ALIKE, "L": "i"})
#: A bar or an exclamation mark within a word is a letter; by itself it is a rule or dirt.
_INNER_BAR = re.compile(r"(?<=\w)[|!](?=\w)")
#: Letters that are read as two, or two as one, and what a phrase has in their place.
_PAIRS = ((r"(?<!\\)rn", "\x00"), (r"(?<!\\)m", "(?:m|rn)"), (r"(?<!\\)w", "(?:w|vv)"), ("\x00", "(?:rn|m)"))
#: What ends a word; Cue.places sees to it that one begins.
_PHRASE = r"(?:{})\b"
#: A heading begins its line and fills it, or a colon, a full stop or a dash parts it from what follows.
_HEADING = r"^[^\w\n]*(?:{})(?:[^\S\n]*[:;.=–-]|[^\w\n]*$)"


@dataclass(frozen=True, slots=True)
class Phrases(Generic[K]):
    """Phrases, parted by semicolons, that speak alike for one kind of page.

    So many points each where they stand in the title of a page, and elsewhere.
    """

    kind: K
    in_title: float
    in_body: float
    text: str

    def __iter__(self) -> Iterator[str]:
        """The phrases one by one."""
        return (phrase.strip() for phrase in self.text.split(";"))


@dataclass(frozen=True, slots=True)
class Cue(Generic[K]):
    """A phrase ready to be looked for in folded text. `pattern` is to be found where a word begins."""

    kind: K
    in_title: float
    in_body: float
    pattern: re.Pattern[str]

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the phrase stands, from left to right: first character and the one behind its last.

        With a word's beginning in the pattern, re would try each character of the page instead of looking for the
        phrase's first letters: that takes twice as long.
        """
        found = self.pattern.search(text)
        while found:
            start, end = found.span()
            is_whole = start == 0 or not (text[start - 1].isalnum() or text[start - 1] == "_")
            if is_whole:
                yield start, end
            found = self.pattern.search(text, end if is_whole else start + 1)

    def is_in(self, text: str) -> bool:
        """The phrase stands in this folded text."""
        return next(self.places(text), None) is not None


def cues_of(groups: Iterable[Phrases[K]], *, heads: bool = False) -> tuple[Cue[K], ...]:
    """The phrases of all groups, ready to be looked for; `heads`: only where they head a line."""
    return tuple(
        Cue(group.kind, group.in_title, group.in_body, _pattern(phrase, heads=heads))
        for group in groups
        for phrase in group
    )


def _pattern(phrase: str, *, heads: bool) -> re.Pattern[str]:
    """What finds a phrase in folded text, whatever stands between its words."""
    body = r"\W*".join(phrase.split())
    for letters, in_its_place in _PAIRS:
        body = re.sub(letters, in_its_place, body)
    body = re.sub(r"(?<!\\)[0158l]", lambda found: _ALIKE[found.group()], body)
    around = _HEADING if heads else _PHRASE
    return re.compile(around.format(body), re.MULTILINE)


def fold(text: str) -> str:
    """Text as phrases are looked for in it; every character stays in its place."""
    return _INNER_BAR.sub("i", text).translate(_FOLDS)


def add_points(points: dict[K, float], cues: Sequence[Cue[K]], title: str, body: str) -> None:
    """Add to each kind what its phrases are worth in this title, or else in this body (both folded)."""
    for cue in cues:
        if cue.is_in(title):
            points[cue.kind] += cue.in_title
        elif cue.is_in(body):
            points[cue.kind] += cue.in_body
