"""The words of a page as people look for them: folded, each by itself and what belongs together joined."""

import re
from dataclasses import dataclass
from functools import lru_cache

from worker.domain.reading import PageReading, TextReading
from worker.matching.confusions import plain

#: Longer words are noise; so many of a query are looked for.
LONGEST_WORD, MOST_WORDS, LONGEST_QUERY = 64, 12, 300
#: Words that are shown before and after the first hit.
BEFORE, SHOWN = 5, 24
#: Words come again and again: so many are not taken apart anew.
_REMEMBERED = 50_000
_SPLIT = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what stands on a page; `is_hit`: it is what was looked for."""

    text: str
    is_hit: bool


def text_of(reading: PageReading) -> str:
    """All that was read on the page, a line each: the sender's line, barcodes, text."""
    lines = [reading.sender_line.text] if reading.sender_line else []
    lines += [code.payload for code in reading.barcodes]
    lines += [line.text for part in reading.text if isinstance(part, TextReading) for line in part.lines]
    return _storable("\n".join(dict.fromkeys(lines)))


def words_on(text: str) -> tuple[str, ...]:
    """The words of a text, each once: `MRR-204` is `mrr204`, `mrr` and `204`."""
    return tuple(dict.fromkeys(word for token in text.split() for word in _words_of(token)))


def looked_for(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a page must have, for each word that was typed: the word as a whole, or all its parts."""
    tokens = [(_fold(token), _parts(token)) for token in text[:LONGEST_QUERY].split()]
    return tuple(dict.fromkeys((whole, parts) for whole, parts in tokens if whole))[:MOST_WORDS]


def snippet(text: str, typed: str) -> tuple[Piece, ...]:
    """Where the first words that were looked for stand, with some words around, the hits marked."""
    wanted = looked_for(typed)
    tokens = text.split()
    first = next((place for place, token in enumerate(tokens) if _is_hit(token, wanted)), 0)
    start = max(0, first - BEFORE)
    return _joined([(token, _is_hit(token, wanted)) for token in tokens[start : start + SHOWN]])


def _joined(tokens: list[tuple[str, bool]]) -> tuple[Piece, ...]:
    """Neighbours of a kind as one piece; blanks between pieces belong to those that are no hits."""
    pieces: list[Piece] = []
    for token, is_hit in tokens:
        before = pieces[-1] if pieces else None
        if before is None:
            pieces.append(Piece(token, is_hit))
        elif before.is_hit == is_hit:
            pieces[-1] = Piece(f"{before.text} {token}", is_hit)
        elif is_hit:
            pieces[-1:] = [Piece(before.text + " ", is_hit=False), Piece(token, is_hit)]
        else:
            pieces.append(Piece(" " + token, is_hit))
    return tuple(pieces)


def _is_hit(token: str, wanted: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    words = _words_of(token)
    return any(word.startswith(part) for word in words for whole, parts in wanted for part in (whole, *parts))


@lru_cache(maxsize=_REMEMBERED)
def _words_of(token: str) -> tuple[str, ...]:
    if token.isascii() and token.isalnum():
        return (token.lower()[:LONGEST_WORD],)
    whole, parts = _fold(token), _parts(token)
    return tuple(word for word in dict.fromkeys((whole, *parts)) if word)


def _fold(token: str) -> str:
    return plain(token).lower()[:LONGEST_WORD]


def _parts(token: str) -> tuple[str, ...]:
    parts = tuple(filter(None, map(_fold, _SPLIT.split(token))))
    return parts if len(parts) > 1 else ()


def _storable(text: str) -> str:
    """Text that every database takes: PostgreSQL refuses NUL, and no encoding takes half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")
